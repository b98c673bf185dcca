#include "daemon/hooks/message.hpp"

#include <utility>

#include "daemon/event_text.hpp"
#include "daemon/job_text.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon::hooks {

Message make_message(const queue::EventRecord& event, queue::JobView job, std::string_view source,
                     std::string_view artifact_root, proto::Instant now) {
    Message message;
    message.id = event.id.text() + "." + std::to_string(event.seq.value);
    message.type = "genspool.job." + std::string(proto::to_string(event.to));
    proto::JsonWriter json(message.body);
    json.begin_object();
    json.text("specversion", "1.0");
    json.text("id", message.id);
    json.text("source", source);
    json.text("type", message.type);
    json.text("subject", event.id.text());
    json.moment("time", event.at);
    json.text("datacontenttype", "application/json");
    if (!job.spec.traceparent.empty()) json.text("traceparent", job.spec.traceparent);
    json.begin_object("data");
    json.raw("event", event_text(event, job.batch_id));
    json.raw("job", brief_job_text(job, artifact_root, now));
    json.end_object();
    json.end_object();
    message.event = event;
    message.job = std::move(job);
    return message;
}

}  // namespace genspool::daemon::hooks
