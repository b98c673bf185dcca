#include <boost/json.hpp>

#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/desk.hpp"
#include "tests/simulator/useapi/ids.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

constexpr int failed = 3;

std::string_view model_of(const json::object& body) {
    const auto model = text_field(body, "model");
    return model.empty() ? "image-01" : model;
}

std::size_t prompt_max(std::string_view model) {
    if (model.starts_with("midjourney-")) return 5000;
    return model == "gpt-image-2" || model.starts_with("nano-banana-") ? 7500 : 2000;
}

/// Others can name the picture as soon as it is there.
void make_nameable(World& world, const Job& job, const Sold& sold) {
    if (job.files.empty()) return;
    const ShelfItem& item = *world.shelf.find(job.files.front());
    File file{job.user, job.account, std::string(content_type(item.kind)), {}, job.finishes};
    file.sha256 = sold.artifacts.back().sha256;
    world.useapi.files.emplace(make_id(job.user, job.account, "file", job.number), std::move(file));
}

}  // namespace

Problem check_image(const json::object& body) {
    const auto model = model_of(body);
    FieldCheck check(body);
    if (body.contains("model"))
        check.need_family("model",
                          {"image-01", "nano-banana-", "gpt-image-", "seedream-", "midjourney-"});
    const bool numbered = body.contains("referenceFileId1");
    return check.need_text("prompt", prompt_max(model))
        .may_flag("promptOptimization")
        .may_whole("quantity", 1, 4)
        .require(!body.contains("quality") || model == "gpt-image-2",
                 "quality is not known to this model")
        .require(!numbered || model != "image-01", "this model takes characterFileId")
        .require(!body.contains("characterFileId") || model == "image-01",
                 "this model takes referenceFileId1…")
        .require(numbered || !body.contains("referenceFileId2"),
                 "referenceFileId1… must be consecutive")
        .problem();
}

Sold make_image(World& world, const Sale& sale) {
    const auto model = model_of(sale.body);
    const bool four = model.starts_with("midjourney-");
    const auto wanted = four ? 4U : static_cast<unsigned>(whole_field(sale.body, "quantity", 1));
    Sold sold = begin_sale(world, sale);
    const std::uint64_t batch = world.next_number();
    json::array ids;
    for (unsigned n = 0; n < wanted; ++n) {
        Job& job = begin_job(world, sale, JobType::image, sold);
        job.model = model;
        job.batch = batch;
        if (n < sale.markers.partial) job.fail = failed;
        make_file(world, sale, job, four ? MediaKind::jpeg : MediaKind::png, sold);
        make_nameable(world, job, sold);
        ids.emplace_back(job.id);
    }
    judge(world, sold);
    sold.reply = hand_over(world, sale, sold, json::object{{"imageIds", std::move(ids)}}, 200);
    return sold;
}

}  // namespace genspool::simulator::useapi
