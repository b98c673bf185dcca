#include "proto/minimax/video_template.hpp"

#include <utility>

#include "proto/checker.hpp"
#include "proto/minimax/media_input.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

/// Which templates there are, and what each wants, changes upstream: only the shape is checked.
Result<Checked> check_template(const boost::json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    checker.required("template_id");
    checker.check_text("template_id", {1, 200});
    for (Checker& media : checker.objects("media_inputs", {0, 20})) {
        media.required("value");
        check_media(media, "value", frame_image);
    }
    for (Checker& text : checker.objects("text_inputs", {0, 20})) {
        text.required("value");
        text.check_text("value", {1, 2000});
    }
    if (findings.refused) return *findings.refused;
    Checked checked;
    checked.price_key = "minimax.video_template/" + std::string{checker.text("template_id")};
    checked.files = std::move(findings.files);
    checked.names = std::move(findings.names);
    return checked;
}

class VideoTemplate final : public Codec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.video_template",
                                   .provider = "minimax",
                                   .kind = Kind::video_template,
                                   .slot_class = "video",
                                   .patience = std::chrono::minutes{60},
                                   .poll = PollSchedule{.floor = std::chrono::seconds{3}},
                                   .takes_callback = true};
        return op;
    }

    Result<Checked> check(const boost::json::object& request) const override {
        return check_template(request);
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call("/v1/video_template_generation", spec.request, std::chrono::seconds{60},
                         1U << 20U);
    }

    SubmitOutcome on_submit(const JobSpec&, const Reply& reply) const override {
        return taken_task(reply);
    }

    Call poll(const Task& task) const override {
        return query("/v1/query/video_template_generation?task_id=" + encoded(task.id));
    }

    PollOutcome on_poll(const Task& task, const Reply& reply) const override;

    // A task that is asked for once more gives a link that is good once more.
    Call link(const Source& source) const override {
        Task task;
        task.id = source.value;
        return poll(task);
    }

    LinkOutcome on_link(const Source&, const Reply& reply) const override {
        const Envelope envelope = read_envelope(reply);
        if (!succeeded(reply, envelope)) return refused_link(reply, envelope);
        return link_or_none(text_or_number(envelope.fields, "video_url"), reply);
    }

    ExtractOutcome extract(const JobSpec&, const Reply&, std::size_t) const override {
        return artifact_failure("artifact.missing", "a video never lies in the reply");
    }
};

PollOutcome VideoTemplate::on_poll(const Task& task, const Reply& reply) const {
    const Envelope envelope = read_envelope(reply);
    const TaskState found = task_state(reply, envelope);
    if (found.failed()) return failed_task(reply, envelope);
    if (!succeeded(reply, envelope)) return refused_poll(refusal(reply, envelope));
    const bool working = found.state == "preparing" || found.state == "processing";
    if (found.state != "success") return StillRunning{found.word, working};
    if (!is_link(text_or_number(envelope.fields, "video_url")))
        return StillRunning{found.word, false};
    return done_task(task.id, "video/mp4", found.word);
}

}  // namespace

const Codec& video_template() {
    static const VideoTemplate codec;
    return codec;
}

}  // namespace genspool::proto::minimax
