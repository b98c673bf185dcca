#include "proto/minimax/video_v2.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cstdint>
#include <string>
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

/// A page of the list; how long one may be, nobody says.
constexpr std::uint64_t page_entries = 50;

/// 0 where it is none.
std::uint64_t whole_number(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Listed listed_task(const json::object& task) {
    Listed entry;
    entry.task = text_or_number(task, "id");
    const auto duration = static_cast<std::int64_t>(whole_number(text_or_number(task, "duration")));
    entry.listed_as = listed_as(text_or_number(task, "task_type"), text_or_number(task, "model"),
                                text_or_number(task, "resolution"), duration);
    const std::uint64_t seconds = whole_number(text_or_number(task, "created_at"));
    entry.made_at = Instant(std::chrono::seconds(seconds));
    return entry;
}

class VideoV2 final : public Codec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.video_v2",
                                   .provider = "minimax",
                                   .kind = Kind::video,
                                   .slot_class = "video_v2",
                                   .patience = std::chrono::minutes{60},
                                   .unknown_window = std::chrono::minutes{15},
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

    Call list(std::string_view page) const override;
    ListOutcome on_list(std::string_view page, const Reply& reply) const override;

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

/// All tasks of the last seven days, of every state.
Call VideoV2::list(std::string_view page) const {
    return query("/v2/query/video_generation?page_size=" + std::to_string(page_entries) +
                 "&page_num=" + (page.empty() ? "1" : std::string(page)));
}

ListOutcome VideoV2::on_list(std::string_view page, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refusal(reply, envelope);
    const json::value* items = envelope.fields.if_contains("items");
    const std::uint64_t total = whole_number(text_or_number(envelope.fields, "total"));
    if (items == nullptr || !items->is_array()) {
        return incomplete(reply, "reply.incomplete", "the answer holds no list of tasks",
                          OnCreate::ambiguous);
    }
    ListPage found;
    for (const json::value& item : items->get_array()) {
        if (item.is_object()) found.entries.push_back(listed_task(item.get_object()));
    }
    const std::uint64_t number = page.empty() ? 1 : whole_number(page);
    if (!found.entries.empty() && number * page_entries < total)
        found.next = std::to_string(number + 1);
    return found;
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
