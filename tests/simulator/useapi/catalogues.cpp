// What can be chosen from: voices, characters, templates.
#include <algorithm>
#include <boost/json.hpp>

#include "tests/simulator/digest.hpp"
#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/ids.hpp"
#include "tests/simulator/useapi/routes.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

constexpr std::size_t voices = 120;
constexpr std::size_t templates = 3;

/// Numbers from 1 to `count`: those on the page that the parameters ask for.
struct Page {
    std::size_t first;
    std::size_t last;  ///< before `first` where the page is empty
};

Page page_of(const Visit& visit, std::string_view size_param, std::size_t size, std::size_t count) {
    const std::size_t page = std::max<std::size_t>(number_param(visit.call, "page", 1), 1);
    size = number_param(visit.call, size_param, size);
    return {(page - 1) * size + 1, std::min(page * size, count)};
}

std::string template_id(std::size_t n) {
    return std::to_string(500 + n);
}

json::object shown_template(std::size_t n) {
    json::object told{{"id", template_id(n)}, {"createTime", 1'750'000'000'000}};
    told.emplace("videoAsset", json::object{{"title", "Template " + std::to_string(n)}});
    told.emplace("author", json::object{{"name", "n"}});
    return told;
}

}  // namespace

ModelReply list_voices(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    Chosen chosen = choose_account(world, visit);
    if (auto* const refusal = std::get_if<ModelReply>(&chosen)) return std::move(*refusal);
    const Page page = page_of(visit, "page_size", 100, voices);
    json::array told;
    for (std::size_t n = page.first; n <= page.last; ++n) {
        json::object voice{{"voice_id", std::to_string(209'533'000'000 + n)}};
        voice.emplace("voice_name", "Voice " + std::to_string(n));
        voice.emplace("tag_list", json::array{"English"});
        told.emplace_back(std::move(voice));
    }
    json::object body{{"voice_list", std::move(told)}, {"total", voices}};
    body.emplace("has_more", page.last < voices);
    return answer(body);
}

/// Each account has one, whose picture others of its requests may name.
ModelReply list_characters(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    Chosen chosen = choose_account(world, visit);
    if (auto* const refusal = std::get_if<ModelReply>(&chosen)) return std::move(*refusal);
    const std::string account = std::get<std::string>(chosen);
    const std::string id = make_id(visit.user, account, "file", 7);
    world.useapi.files.try_emplace(
        id, File{visit.user, account, "image/png", sha256_hex(id), visit.now()});
    const Page page = page_of(visit, "pageSize", 50, 1);
    json::array characters;
    if (page.first <= page.last)
        characters.push_back(json::object{{"id", "7"}, {"name", "Sailor"}, {"fileID", id}});
    return answer(json::object{{"characters", std::move(characters)}, {"total", 1}});
}

ModelReply list_templates(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    Chosen chosen = choose_account(world, visit);
    if (auto* const refusal = std::get_if<ModelReply>(&chosen)) return std::move(*refusal);
    const std::string one = visit.call.param("templateId");
    const std::string last = visit.call.param("lastId");
    const std::size_t limit = number_param(visit.call, "limit", 30);
    json::array told;
    bool begun = last.empty();
    for (std::size_t n = 1; n <= templates; ++n) {
        if (template_id(n) == one) {
            json::object detail = shown_template(n);
            detail.emplace("inputs", json::array{json::object{{"type", "image"}}});
            return answer(detail);
        }
        if (begun && told.size() < limit) told.emplace_back(shown_template(n));
        begun = begun || template_id(n) == last;
    }
    if (!one.empty()) return answer_refusal(404);
    return answer(json::object{{"videoList", std::move(told)}});
}

}  // namespace genspool::simulator::useapi
