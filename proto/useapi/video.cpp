#include "proto/useapi/video.hpp"

#include "proto/json_text.hpp"
#include "proto/upstream_request.hpp"
#include "proto/useapi/media_task.hpp"
#include "proto/useapi/targets.hpp"
#include "proto/useapi/video_request.hpp"

namespace genspool::proto::useapi {
namespace {

constexpr OpInfo op{.name = "useapi.video",
                    .provider = "useapi",
                    .kind = Kind::video,
                    .slot_class = "video",
                    .patience = std::chrono::minutes{60},
                    .unknown_window = lists_window,
                    .poll = PollSchedule{.first = std::chrono::seconds{30},
                                         .min = std::chrono::seconds{20},
                                         .floor = std::chrono::seconds{10},
                                         .shared_floor = std::chrono::seconds{10}},
                    .poll_many_max = 100,
                    .takes_callback = true,
                    .takes_reference = true,
                    .lists_loosely = true};

class Video final : public MediaCodec {
public:
    Video() : MediaCodec(op, video_family) {}

    Result<Checked> check(const boost::json::object& request) const override {
        return check_video_request(request);
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call(std::string(video_create), spec.request, std::chrono::seconds{180},
                         1U << 20U);
    }

    std::optional<Call> cancel(const Task& task, std::string_view) const override {
        return cancel_video(task);
    }

    Call list(std::string_view page) const override { return list_purchases(video_list, page); }

    ListOutcome on_list(std::string_view page, const Reply& reply) const override {
        return listed_purchases(video_list, video_family.mark, page, reply);
    }
};

}  // namespace

const PurchaseList video_list{.target = "/videos/?account={account}&limit=30",
                              .after = "lastVideoId",
                              .items = "",
                              .id = "videoId",
                              .made_at = "createTime",
                              .together = "",
                              .op = "useapi.video"};

Call cancel_video(const Task& task) {
    Call call = query("/videos/cancel");
    call.method = "POST";
    call.content_type = "application/json";
    call.body = R"({"videoId":)";
    append_json_string(call.body, task.id);
    call.body += '}';
    return call;
}

const Codec& video() {
    static const Video codec;
    return codec;
}

}  // namespace genspool::proto::useapi
