#include "proto/minimax/video_v2.hpp"

#include "proto/minimax/sync_codec.hpp"
#include "proto/minimax/task_reply.hpp"
#include "proto/minimax/v2_list.hpp"
#include "proto/minimax/v2_task.hpp"
#include "proto/minimax/video_v2_request.hpp"
#include "proto/upstream_request.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

class VideoV2 final : public V2Task {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.video_v2",
                                   .provider = "minimax",
                                   .kind = Kind::video,
                                   .slot_class = "video_v2",
                                   .patience = std::chrono::minutes{60},
                                   .unknown_window = std::chrono::minutes{15},
                                   .poll = PollSchedule{.floor = std::chrono::seconds{3}},
                                   .poll_many_max = list_page_max,
                                   .takes_callback = true};
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

    Call list(std::string_view page) const override { return list_of_tasks(page); }
    ListOutcome on_list(std::string_view page, const Reply& reply) const override {
        return listed_tasks(page, reply);
    }

private:
    std::optional<TaskDone> finished(const Task& task, const json::object& content) const override {
        if (!is_link(text_or_number(content, "url"))) return std::nullopt;
        return done_task(task.id, "video/mp4", {});
    }
};

}  // namespace

const Codec& video_v2() {
    static const VideoV2 codec;
    return codec;
}

}  // namespace genspool::proto::minimax
