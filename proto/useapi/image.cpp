#include "proto/useapi/image.hpp"

#include "proto/upstream_request.hpp"
#include "proto/useapi/image_request.hpp"
#include "proto/useapi/media_task.hpp"
#include "proto/useapi/purchases.hpp"
#include "proto/useapi/targets.hpp"

namespace genspool::proto::useapi {
namespace {

constexpr OpInfo op{.name = "useapi.image",
                    .provider = "useapi",
                    .kind = Kind::image,
                    .slot_class = "image",
                    .several_tasks = true,
                    .patience = std::chrono::minutes{15},
                    .unknown_window = lists_window,
                    .poll = PollSchedule{.first = std::chrono::seconds{10},
                                         .min = std::chrono::seconds{10},
                                         .max = std::chrono::seconds{30}},
                    .poll_many_max = 100,
                    .takes_callback = true,
                    .takes_reference = true,
                    .lists_loosely = true};

constexpr PurchaseList image_list{.target = "/images/?account={account}&limit=30",
                                  .after = "lastImageId",
                                  .items = "images",
                                  .id = "imageId",
                                  .made_at = "createTime",
                                  .together = "batchID",
                                  .op = "useapi.image"};

class Image final : public MediaCodec {
public:
    Image() : MediaCodec(op, image_family) {}

    Result<Checked> check(const boost::json::object& request) const override {
        return check_image_request(request);
    }

    Call submit(const JobSpec& spec) const override {
        return paid_call(std::string(image_create), spec.request, std::chrono::seconds{180},
                         1U << 20U);
    }

    Call list(std::string_view page) const override { return list_purchases(image_list, page); }

    ListOutcome on_list(std::string_view page, const Reply& reply) const override {
        return listed_purchases(image_list, image_family.mark, page, reply);
    }
};

}  // namespace

const Codec& image() {
    static const Image codec;
    return codec;
}

}  // namespace genspool::proto::useapi
