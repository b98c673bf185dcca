#include <algorithm>
#include <boost/json/array.hpp>

#include "tests/simulator/digest.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/sale.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

bool has_sides(const json::object& body) {
    const auto width = whole_field(body, "width", 0);
    const auto height = whole_field(body, "height", 0);
    return (width == 0) == (height == 0) && width % 8 == 0 && height % 8 == 0;
}

}  // namespace

Problem check_image(const json::object& body) {
    return FieldCheck(body)
        .need_family("model", {"image-01"})
        .need_text("prompt", 1500)
        .may_word("aspect_ratio", {"1:1", "16:9", "4:3", "3:2", "2:3", "3:4", "9:16", "21:9"})
        .may_whole("width", 512, 2048)
        .may_whole("height", 512, 2048)
        .require(has_sides(body), "width and height come together, in multiples of 8")
        .may_word("response_format", {"url", "base64"})
        .may_whole("n", 1, 9)
        .may_flag("prompt_optimizer")
        .problem();
}

Sold make_image(World& world, const Sale& sale) {
    const auto wanted = static_cast<std::uint64_t>(whole_field(sale.body, "n", 1));
    const auto missing = std::min(sale.markers.partial, wanted);
    // The one model answers with JPEG; the other gives a reason to look at the bytes.
    const bool live = text_field(sale.body, "model") == "image-01-live";
    const auto kind = live ? MediaKind::png : MediaKind::jpeg;
    const bool as_base64 = text_field(sale.body, "response_format") == "base64";

    Sold sold;
    sold.work = world.work_time(sale.markers);
    json::array images;
    for (auto left = wanted - missing; left > 0; --left) {
        const auto& item = produce(world, sale, kind);
        sold.artifacts.push_back(item.made);
        images.emplace_back(as_base64 ? to_base64(item.bytes()) : day_link(world, sale, item));
    }
    if (missing == wanted) sold.outcome = "failed:empty";

    json::object data;
    data.emplace(as_base64 ? "image_base64" : "image_urls", std::move(images));
    json::object metadata;  // numbers, printed as text: so they come
    metadata.emplace("success_count", std::to_string(wanted - missing));
    metadata.emplace("failed_count", std::to_string(missing));
    json::object answer;
    answer.emplace("id", std::to_string(world.next_number()));
    answer.emplace("data", std::move(data));
    answer.emplace("metadata", std::move(metadata));
    sold.reply = answer_ok(std::move(answer));
    sold.reply.delay = sold.work;
    return sold;
}

}  // namespace genspool::simulator
