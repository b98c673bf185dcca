#include "proto/minimax/task_reply.hpp"

#include <utility>

#include "proto/minimax/sync_codec.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

constexpr std::size_t word_bytes_max = 64;

}  // namespace

SubmitOutcome taken_task(const Reply& reply, std::string_view member) {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refusal(reply, envelope);
    std::string id = text_or_number(envelope.fields, member);
    if (!is_usable_id(id)) {
        return incomplete(reply, "reply.incomplete", "the answer names no task",
                          OnCreate::ambiguous);
    }
    Taken taken;
    taken.tasks.push_back(std::move(id));
    return taken;
}

TaskState task_state(const Reply& reply, const Envelope& envelope) {
    TaskState found;
    const bool is_answer = reply.status >= 200 && reply.status <= 299 && envelope.readable;
    if (!is_answer) return found;
    found.word = bounded_utf8(text_or_number(envelope.fields, "status"), word_bytes_max);
    found.state = lower(found.word);
    return found;
}

TaskFailed failed_task(const Reply& reply, const Envelope& envelope) {
    TaskFailed failed;
    failed.failure = refusal(reply, envelope).failure;
    if (envelope.code.empty()) {
        failed.failure.failure = FailureClass::rejected;
        failed.failure.code = "task.failed";
        if (envelope.message.empty() || lower(envelope.message) == "success") {
            failed.failure.message = "the task failed; the upstream gives no reason";
        }
    }
    failed.again = worth_another(envelope);
    failed.failure.retryable = failed.again;
    return failed;
}

TaskDone done_task(std::string handle, std::string media_type, std::string state) {
    Artifact artifact;
    artifact.source.from = Source::From::handle;
    artifact.source.value = std::move(handle);
    artifact.media_type = std::move(media_type);
    TaskDone done;
    done.artifacts.push_back(std::move(artifact));
    done.upstream_state = std::move(state);
    return done;
}

Refusal refused_link(const Reply& reply, const Envelope& envelope) {
    Refusal refused = refusal(reply, envelope);
    if (refused.on_query != OnQuery::again) {
        refused.on_query = OnQuery::gone;
        refused.failure.failure = FailureClass::expired;
    }
    return refused;
}

LinkOutcome link_or_none(std::string url, const Reply& reply) {
    if (is_link(url)) return Link{std::move(url)};
    return incomplete(reply, "reply.incomplete", "the answer holds no link", OnCreate::ambiguous);
}

Call file_link(const Source& source) {
    return query("/v1/files/retrieve?file_id=" + encoded(source.value));
}

LinkOutcome on_file_link(const Reply& reply) {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refused_link(reply, envelope);
    const boost::json::object* file = object_member(envelope.fields, "file");
    return link_or_none(file != nullptr ? text_or_number(*file, "download_url") : "", reply);
}

}  // namespace genspool::proto::minimax
