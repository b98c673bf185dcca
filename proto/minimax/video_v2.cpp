#include "proto/minimax/video_v2.hpp"

#include <boost/json/serialize.hpp>
#include <utility>

#include "proto/minimax/request.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/minimax/video_v2_request.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// The task inside an answer to a query.
struct Found {
    const json::object* task = nullptr;  ///< nullptr: there is none
    std::string state;
};

Found find_task(const Envelope& envelope) {
    Found found;
    found.task = object_member(envelope.fields, "task");
    if (found.task != nullptr)
        found.state = bounded_utf8(text_or_number(*found.task, "status"), 64);
    return found;
}

std::string content_url(const json::object& task) {
    const json::object* content = object_member(task, "content");
    return content != nullptr ? text_or_number(*content, "url") : "";
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

/// Only what has not begun can be cancelled, and that costs nothing.
TaskFailed canceled_v2() {
    TaskFailed failed;
    failed.failure.failure = FailureClass::rejected;
    failed.failure.code = "task.canceled";
    failed.failure.message = "the task was cancelled before it began";
    failed.unbilled = true;
    return failed;
}

class VideoV2 final : public Codec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.video_v2",
                                   .provider = "minimax",
                                   .kind = Kind::video,
                                   .slot_class = "video_v2",
                                   .patience = std::chrono::minutes{60},
                                   .poll = PollSchedule{}};
        return op;
    }

    Result<Checked> check(const json::object& request) const override {
        return check_video_v2(request);
    }

    Call submit(const JobSpec& spec) const override {
        const bool larger = is_regeneration(parse_request(spec.request));
        return paid_call(larger ? "/v2/video_regeneration" : "/v2/video_generation", spec.request,
                         std::chrono::seconds{60}, 1U << 20U);
    }

    SubmitOutcome on_submit(const JobSpec&, const Reply& reply) const override {
        return taken_task(reply);
    }

    Call poll(const Task& task) const override { return ask(task.id); }
    PollOutcome on_poll(const Task& task, const Reply& reply) const override;

    std::optional<Call> cancel(const Task& task, std::string_view state) const override;
    std::optional<TaskFailed> on_cancel(const Reply& reply) const override;

    // A task that is asked for once more gives a link that is good once more.
    Call link(const Source& source) const override { return ask(source.value); }
    LinkOutcome on_link(const Source& source, const Reply& reply) const override;

    ExtractOutcome extract(const JobSpec&, const Reply&, std::size_t) const override {
        return artifact_failure("artifact.missing", "a video never lies in the reply");
    }

private:
    static Call ask(std::string_view task) {
        return query("/v2/query/video_generation/" + encoded(task));
    }
};

PollOutcome VideoV2::on_poll(const Task& task, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refused_poll(refusal(reply, envelope));
    const Found found = find_task(envelope);
    const std::string state = lower(found.state);
    if (state == "failed") return failed_v2(*found.task);
    if (state == "cancelled" || state == "canceled") return canceled_v2();
    if (state != "succeeded")
        return StillRunning{found.state, state == "queued" || state == "running"};
    if (!is_link(content_url(*found.task))) return StillRunning{found.state, false};
    return done_task(task.id, "video/mp4", found.state);
}

/// The same call takes the record of a finished task away, and with it the video: it is made only
/// of a task that was queued a moment ago.
std::optional<Call> VideoV2::cancel(const Task& task, std::string_view state) const {
    if (lower(state) != "queued") return std::nullopt;
    Call call = query("/v2/video_generation/" + encoded(task.id));
    call.method = "DELETE";
    return call;
}

std::optional<TaskFailed> VideoV2::on_cancel(const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return std::nullopt;
    if (lower(text_or_number(envelope.fields, "status")) != "cancelled") return std::nullopt;
    return canceled_v2();
}

LinkOutcome VideoV2::on_link(const Source&, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refused_link(reply, envelope);
    const Found found = find_task(envelope);
    return link_or_none(found.task != nullptr ? content_url(*found.task) : "", reply);
}

}  // namespace

const Codec& video_v2() {
    static const VideoV2 codec;
    return codec;
}

}  // namespace genspool::proto::minimax
