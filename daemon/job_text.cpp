#include "daemon/job_text.hpp"

#include <utility>

#include "proto/json_writer.hpp"
#include "proto/show.hpp"

namespace genspool::daemon {
namespace {

std::string gates_text(const queue::Explanation& explanation) {
    std::string out = "[";
    for (const queue::Gate& gate : explanation.gates) {
        if (out.size() > 1) out += ',';
        out += gate_text(gate);
    }
    return out + "]";
}

proto::ShowExtras extras_of(const queue::JobView& job, std::string_view artifact_root,
                            proto::Instant now) {
    proto::ShowExtras extras;
    extras.batch = job.batch_id;
    extras.artifact_root = artifact_root;
    extras.outlook = proto::outlook(job.record, job.times.get(), job.said_permille, now);
    return extras;
}

}  // namespace

std::string gate_text(const queue::Gate& gate) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("gate", gate.name);
    json.text("detail", gate.detail);
    json.moment("opens_at", gate.opens_at);
    json.text_or_null("account", gate.account);
    json.end_object();
    return out;
}

std::string job_text(const queue::JobView& job,
                     const std::optional<queue::Explanation>& explanation,
                     std::string_view artifact_root, proto::Instant now) {
    const std::string gates = explanation ? gates_text(*explanation) : std::string();
    proto::ShowExtras extras = extras_of(job, artifact_root, now);
    extras.gates = gates;
    return proto::show_job(job.record, job.spec, extras);
}

std::string brief_job_text(const queue::JobView& job, std::string_view artifact_root,
                           proto::Instant now) {
    proto::ShowExtras extras = extras_of(job, artifact_root, now);
    extras.with_request = false;
    return proto::show_job(job.record, job.spec, extras);
}

queue::JobView fresh_job(const queue::Admitted& admitted, proto::JobSpec spec) {
    queue::JobView view;
    proto::JobRecord& record = view.record;
    record.id = admitted.id;
    record.seq = admitted.id.seq();
    record.state = admitted.state;
    record.max_attempts = spec.max_attempts;
    record.priority = spec.priority;
    record.principal = spec.principal;
    record.created_at = admitted.id.at();
    record.updated_at = record.created_at;
    record.ready_at = spec.not_before;
    record.deadline = spec.deadline;
    record.quote = spec.quote;
    record.max_cost = spec.max_cost;
    record.on_unknown = spec.on_unknown;
    view.spec = std::move(spec);
    return view;
}

}  // namespace genspool::daemon
