#include "proto/minimax/v2_task.hpp"

#include <boost/json/serialize.hpp>
#include <utility>

#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/minimax/v2_list.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// The task inside an answer to a query; empty: there is none.
json::object find_task(const Envelope& envelope) {
    const json::object* task = object_member(envelope.fields, "task");
    return task != nullptr ? *task : json::object();
}

json::object content_of(const json::object& task) {
    const json::object* content = object_member(task, "content");
    return content != nullptr ? *content : json::object();
}

/// The error of a task that was taken stands inside the task, in an answer that is a success.
TaskFailed failed_v2(const json::object& task) {
    Reply inside;
    inside.status = 200;
    json::object error;
    if (const json::object* said = object_member(task, "error")) error = *said;
    inside.body = json::serialize(json::object{{"error", error}});
    return failed_task(inside, read_envelope(inside));
}

bool tells_why(const json::object& task) {
    const json::object* error = object_member(task, "error");
    return error != nullptr && !error->empty();
}

/// Only what has not begun can be cancelled, and that costs nothing.
TaskFailed canceled_v2() {
    TaskFailed failed;
    failed.failure.failure = FailureClass::rejected;
    failed.failure.code = "task.canceled";
    failed.failure.message = "the task was cancelled before it began";
    failed.unbilled = true;
    return failed;
}

Call ask(std::string_view task) {
    return query("/v2/query/video_generation/" + encoded(task));
}

}  // namespace

SubmitOutcome V2Task::on_submit(const JobSpec&, const Reply& reply) const {
    return taken_task(reply);
}

Call V2Task::poll(const Task& task) const {
    return ask(task.id);
}

PollOutcome V2Task::on_poll(const Task& task, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refused_poll(refusal(reply, envelope));
    return judge(task, find_task(envelope));
}

PollOutcome V2Task::judge(const Task& task, const json::object& shown) const {
    std::string word = bounded_utf8(text_or_number(shown, "status"), 64);
    const std::string state = lower(word);
    if (state == "failed") return failed_v2(shown);
    if (state == "cancelled" || state == "canceled") return canceled_v2();
    if (state != "succeeded")
        return StillRunning{std::move(word), state == "queued" || state == "running"};
    auto done = finished(task, content_of(shown));
    if (!done) return StillRunning{std::move(word), false};
    done->upstream_state = std::move(word);
    return std::move(*done);
}

Call V2Task::poll_many(std::span<const Task> tasks, std::string_view page) const {
    return list_of_tasks(page, tasks);
}

/// A list may show less of a task than its own query does: where it does not say what a task that
/// has ended made, or why it failed, the query is left to tell.
PollManyOutcome V2Task::on_poll_many(std::string_view page, const Reply& reply) const {
    auto read = read_list(page, reply);
    if (auto* refused = std::get_if<Refusal>(&read)) return std::move(*refused);
    auto& listed = std::get<ListedPage>(read);
    PolledPage found;
    found.next = std::move(listed.next);
    for (const json::value& item : listed.items) {
        if (!item.is_object()) continue;
        const json::object& shown = item.get_object();
        Task task;
        task.id = text_or_number(shown, "id");
        PollOutcome outcome = judge(task, shown);
        const auto* running = std::get_if<StillRunning>(&outcome);
        const auto* failed = std::get_if<TaskFailed>(&outcome);
        const bool vague = (running != nullptr && !running->known_word) ||
                           (failed != nullptr && !failed->unbilled && !tells_why(shown));
        if (!vague && is_usable_id(task.id))
            found.told.emplace_back(std::move(task.id), std::move(outcome));
    }
    return found;
}

/// The same call takes the record of a finished task away, and with it the video: it is made only
/// of a task that was queued a moment ago.
std::optional<Call> V2Task::cancel(const Task& task, std::string_view state) const {
    if (lower(state) != "queued") return std::nullopt;
    Call call = query("/v2/video_generation/" + encoded(task.id));
    call.method = "DELETE";
    return call;
}

std::optional<TaskFailed> V2Task::on_cancel(const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return std::nullopt;
    if (lower(text_or_number(envelope.fields, "status")) != "cancelled") return std::nullopt;
    return canceled_v2();
}

Call V2Task::link(const Source& source) const {
    return ask(source.value);
}

LinkOutcome V2Task::on_link(const Source&, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refused_link(reply, envelope);
    return link_or_none(text_or_number(content_of(find_task(envelope)), "url"), reply);
}

ExtractOutcome V2Task::extract(const JobSpec&, const Reply&, std::size_t) const {
    return artifact_failure("artifact.missing", "what a task makes never lies in the reply");
}

}  // namespace genspool::proto::minimax
