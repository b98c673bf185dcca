#include "proto/useapi/image_request.hpp"

#include <algorithm>
#include <array>

#include "proto/checker.hpp"
#include "proto/upstream_text.hpp"
#include "proto/useapi/files.hpp"
#include "proto/useapi/owned_fields.hpp"
#include "proto/useapi/purchases.hpp"

namespace genspool::proto::useapi {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 11> shapes_all{"auto", "16:9", "9:16", "1:1", "4:3", "3:4",
                                                      "3:2",  "2:3",  "5:4",  "4:5", "21:9"};
constexpr std::array<std::string_view, 6> shapes_01{"16:9", "4:3", "1:1", "3:4", "9:16", "21:9"};
constexpr std::array<std::string_view, 4> shapes_gpt_15{"auto", "1:1", "3:2", "2:3"};
constexpr Words shapes_gpt_2 = Words(shapes_all).subspan(1);

constexpr std::array<std::string_view, 1> sizes_01{"HD"};
constexpr std::array<std::string_view, 4> sizes_banana{"512P", "1K", "2K", "4K"};
constexpr Words sizes_large = Words(sizes_banana).subspan(1);
constexpr std::array<std::string_view, 3> sizes_gpt_15{"Low", "Medium", "High"};
constexpr std::array<std::string_view, 2> sizes_seedream_45{"2K", "4K"};
constexpr std::array<std::string_view, 2> sizes_seedream_50{"2K", "3K"};

struct Model {
    std::string_view name;
    std::size_t pictures;  ///< that it may be shown
    bool mentions;         ///< "@Image2" in the prompt
    std::size_t prompt_max;
    Words shapes;
    Words sizes;  ///< none: it takes none
};

constexpr std::array models{
    Model{"image-01", 0, false, 2000, shapes_01, sizes_01},
    Model{"nano-banana-2", 14, true, 7500, shapes_all, sizes_banana},
    Model{"nano-banana-pro", 14, true, 7500, shapes_all, sizes_large},
    Model{"gpt-image-1.5", 3, false, 2000, shapes_gpt_15, sizes_gpt_15},
    Model{"gpt-image-2", 16, true, 7500, shapes_gpt_2, sizes_large},
    Model{"seedream-4.5", 14, true, 2000, shapes_all, sizes_seedream_45},
    Model{"seedream-5.0", 14, true, 2000, shapes_all, sizes_seedream_50},
    Model{"midjourney-v7", 14, false, 5000, shapes_all, {}},
    Model{"midjourney-niji7", 14, false, 5000, shapes_all, {}},
};

constexpr std::string_view default_model = "image-01";
constexpr std::size_t pictures_most = 16;

bool mentions_picture(std::string_view prompt) {
    const std::string text = lower(prompt);
    constexpr std::string_view mention = "@image";
    for (std::size_t at = text.find(mention); at != std::string::npos;
         at = text.find(mention, at + 1)) {
        const std::size_t digit = at + mention.size();
        if (digit < text.size() && text[digit] >= '1' && text[digit] <= '9') return true;
    }
    return false;
}

void check_fields(Checker& request) {
    refuse_owned_fields(request);
    request.check_text("model", {1, 200});
    request.required("prompt");
    request.check_text("prompt", {1});
    request.check_bool("promptOptimization");
    request.check_text("aspectRatio", {1, 200});
    request.check_text("resolution", {1, 200});
    request.check_text("quality", {1, 200});
    request.check_integer("quantity", 1, 4);
    check_file(request, "characterFileId", picture_file);
}

void check_model(Checker& request, const Model& model) {
    const std::string name{model.name};
    const auto not_taken = [&](std::string_view field) {
        if (request.has(field))
            request.refuse("invalid", field, request.path_of(field) + " is not taken by " + name);
    };
    request.check_text("prompt", {1, model.prompt_max});
    if (!model.mentions && mentions_picture(request.text("prompt")))
        request.refuse("invalid", "prompt", "request.prompt: @Image1 is not understood by " + name);
    if (model.name != default_model) not_taken("characterFileId");
    request.check_word("aspectRatio", model.shapes);
    if (model.sizes.empty()) {
        not_taken("resolution");
    } else {
        request.check_word("resolution", model.sizes);
    }
    if (model.name == "gpt-image-2") {
        request.check_word("quality", {"low", "medium", "high"});
    } else {
        not_taken("quality");
    }
}

/// What is known to change the price stands in it.
std::string price_key(const Checker& request, std::string_view model) {
    std::string key = "useapi.image/" + std::string(model);
    for (const std::string_view field : {"resolution", "quality"})
        if (const std::string_view word = request.text(field); !word.empty())
            key.append("/").append(word);
    return key;
}

}  // namespace

Result<Checked> check_image_request(const boost::json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    check_fields(checker);
    const std::string_view name = checker.text("model", default_model);
    const auto* const model = std::ranges::find(models, name, &Model::name);
    const bool known = model != models.end();
    if (known) check_model(checker, *model);
    check_file_row(checker, "referenceFileId", "", known ? model->pictures : pictures_most,
                   picture_file);
    if (findings.refused) return *findings.refused;
    Checked checked;
    checked.model = name;
    checked.price_key = price_key(checker, name);
    // Midjourney makes four, however many it is asked for.
    checked.artifacts = static_cast<std::uint32_t>(
        name.starts_with("midjourney-") ? 4 : checker.integer("quantity", 1));
    checked.quantity = checked.artifacts;
    checked.files = std::move(findings.files);
    checked.names = std::move(findings.names);
    checked.listed_as = shown_as("useapi.image", checker.text("prompt"));
    return checked;
}

}  // namespace genspool::proto::useapi
