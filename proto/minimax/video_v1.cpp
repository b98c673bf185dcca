#include "proto/minimax/video_v1.hpp"

#include <algorithm>
#include <array>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <utility>

#include "proto/minimax/envelope.hpp"
#include "proto/minimax/request.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/video_v1_request.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

constexpr std::size_t id_bytes_max = 256;

std::string encoded(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

std::string lower(std::string_view text) {
    std::string result{text};
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

Call query(std::string target) {
    Call call;
    call.target = std::move(target);
    call.first_byte = std::chrono::seconds{30};
    return call;
}

bool is_working(std::string_view state) {
    constexpr std::array<std::string_view, 3> words{"preparing", "queueing", "processing"};
    return std::find(words.begin(), words.end(), state) != words.end();
}

/// The state says that the task failed; base_resp says why, or nothing.
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

TaskDone done_task(std::string file_id, std::string state) {
    Artifact artifact;
    artifact.source.from = Source::From::handle;
    artifact.source.value = std::move(file_id);
    artifact.media_type = "video/mp4";
    TaskDone done;
    done.artifacts.push_back(std::move(artifact));
    done.upstream_state = std::move(state);
    return done;
}

class VideoV1 final : public Codec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.video_v1",
                                   .provider = "minimax",
                                   .kind = Kind::video,
                                   .slot_class = "video",
                                   .patience = std::chrono::minutes{60},
                                   .poll = PollSchedule{}};
        return op;
    }

    Result<Checked> check(const json::object& request) const override {
        return check_video_v1(request);
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call("/v1/video_generation", spec.request, std::chrono::seconds{60}, 1U << 20U);
    }

    SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const override;

    Call poll(const Task& task) const override {
        return query("/v1/query/video_generation?task_id=" + encoded(task.id));
    }

    PollOutcome on_poll(const Task& task, const Reply& reply) const override;

    Call link(const Source& source) const override {
        return query("/v1/files/retrieve?file_id=" + encoded(source.value));
    }

    LinkOutcome on_link(const Source& source, const Reply& reply) const override;

    ExtractOutcome extract(const JobSpec&, const Reply&, std::size_t) const override {
        return artifact_failure("artifact.missing", "a video never lies in the reply");
    }
};

SubmitOutcome VideoV1::on_submit(const JobSpec&, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refusal(reply, envelope);
    std::string id = text_or_number(envelope.fields, "task_id");
    if (id.empty() || id.size() > id_bytes_max) {
        return incomplete(reply, "reply.incomplete", "the answer names no task",
                          OnCreate::ambiguous);
    }
    Taken taken;
    taken.tasks.push_back(std::move(id));
    return taken;
}

PollOutcome VideoV1::on_poll(const Task&, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    const bool is_answer = reply.status >= 200 && reply.status <= 299 && envelope.readable;
    const std::string word =
        is_answer ? bounded_utf8(text_or_number(envelope.fields, "status"), 64) : "";
    const std::string state = lower(word);
    if (state == "fail" || state == "failed") return failed_task(reply, envelope);
    if (!succeeded(reply, envelope)) return refused_poll(refusal(reply, envelope));

    if (state == "success") {
        std::string file_id = text_or_number(envelope.fields, "file_id");
        const bool usable = !file_id.empty() && file_id != "0" && file_id.size() <= id_bytes_max;
        if (usable) return done_task(std::move(file_id), word);
        // "Completed, but no file" has been seen: asked again, and counted as something odd.
        return StillRunning{word, false};
    }
    return StillRunning{word, is_working(state)};
}

LinkOutcome VideoV1::on_link(const Source&, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) {
        Refusal refused = refusal(reply, envelope);
        // The only parameter is the file, so it is the file that is gone.
        if (refused.on_query != OnQuery::again) {
            refused.on_query = OnQuery::gone;
            refused.failure.failure = FailureClass::expired;
        }
        return refused;
    }
    const json::object* file = object_member(envelope.fields, "file");
    std::string url = file != nullptr ? text_or_number(*file, "download_url") : "";
    if (!is_link(url)) {
        return incomplete(reply, "reply.incomplete", "the answer holds no download_url",
                          OnCreate::ambiguous);
    }
    return Link{std::move(url)};
}

}  // namespace

const Codec& video_v1() {
    static const VideoV1 codec;
    return codec;
}

}  // namespace genspool::proto::minimax
