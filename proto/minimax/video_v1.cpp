#include "proto/minimax/video_v1.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/minimax/video_v1_request.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

bool is_working(std::string_view state) {
    constexpr std::array<std::string_view, 3> words{"preparing", "queueing", "processing"};
    return std::find(words.begin(), words.end(), state) != words.end();
}

class VideoV1 final : public Codec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.video_v1",
                                   .provider = "minimax",
                                   .kind = Kind::video,
                                   .slot_class = "video",
                                   .patience = std::chrono::minutes{60},
                                   .poll = PollSchedule{.floor = std::chrono::seconds{3}},
                                   .takes_callback = true};
        return op;
    }

    Result<Checked> check(const boost::json::object& request) const override {
        return check_video_v1(request);
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call("/v1/video_generation", spec.request, std::chrono::seconds{60}, 1U << 20U);
    }

    SubmitOutcome on_submit(const JobSpec&, const Reply& reply) const override {
        return taken_task(reply);
    }

    Call poll(const Task& task) const override {
        return query("/v1/query/video_generation?task_id=" + encoded(task.id));
    }

    PollOutcome on_poll(const Task& task, const Reply& reply) const override;

    Call link(const Source& source) const override { return file_link(source); }

    LinkOutcome on_link(const Source&, const Reply& reply) const override {
        return on_file_link(reply);
    }

    ExtractOutcome extract(const JobSpec&, const Reply&, std::size_t) const override {
        return artifact_failure("artifact.missing", "a video never lies in the reply");
    }
};

PollOutcome VideoV1::on_poll(const Task&, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    const TaskState task = task_state(reply, envelope);
    if (task.failed()) return failed_task(reply, envelope);
    if (!succeeded(reply, envelope)) return refused_poll(refusal(reply, envelope));
    if (task.state != "success") return StillRunning{task.word, is_working(task.state)};
    std::string file_id = text_or_number(envelope.fields, "file_id");
    // "Completed, but no file" has been seen: asked again, and counted as something odd.
    if (!is_usable_id(file_id)) return StillRunning{task.word, false};
    return done_task(std::move(file_id), "video/mp4", task.word);
}

}  // namespace

const Codec& video_v1() {
    static const VideoV1 codec;
    return codec;
}

}  // namespace genspool::proto::minimax
