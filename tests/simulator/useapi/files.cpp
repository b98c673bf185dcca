#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "tests/simulator/digest.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/ids.hpp"
#include "tests/simulator/useapi/routes.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 5> taken{"image/png", "image/jpeg", "audio/mpeg",
                                                "audio/wav", "video/mp4"};

}  // namespace

ModelReply upload_file(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    const ModelRequest& request = visit.call.request;
    if (std::ranges::find(taken, request.content_type) == taken.end())
        return answer_refusal(400, "Content-Type is not supported");
    if (request.body.empty()) return answer_refusal(400, "there is no content");
    Chosen chosen = choose_account(world, visit);
    if (auto* const refusal = std::get_if<ModelReply>(&chosen)) return std::move(*refusal);
    File file{visit.user, std::get<std::string>(chosen), request.content_type, {}, visit.now()};
    file.sha256 = sha256_hex(request.body);
    const std::uint64_t number = world.next_number();
    const std::string id = make_id(visit.user, file.account, "file", number);
    world.useapi.files.emplace(id, std::move(file));
    json::object told{{"fileID", id}};
    told.emplace("ossPath", "https://site.invalid/oss/" + std::to_string(number));
    ModelReply reply = answer(told);
    reply.delay = world.options.latency / 2;
    return reply;
}

/// The site has given it up: there is never anything in it.
ModelReply list_files(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    Chosen chosen = choose_account(world, visit);
    if (auto* const refusal = std::get_if<ModelReply>(&chosen)) return std::move(*refusal);
    return answer(json::array());
}

ModelReply delete_file(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    const auto parts = read_id(visit.id);
    if (!parts || parts->word != "file" || parts->user != visit.user)
        return answer_refusal(400, "this is no file of yours");
    world.useapi.files.erase(visit.id);
    return answer(json::object());
}

}  // namespace genspool::simulator::useapi
