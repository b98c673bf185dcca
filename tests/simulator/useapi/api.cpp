#include "tests/simulator/useapi/api.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <iterator>

#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/desk.hpp"
#include "tests/simulator/useapi/ids.hpp"
#include "tests/simulator/useapi/routes.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

std::string_view prompt(const json::object& body) {
    return text_field(body, "prompt");
}

std::string_view text(const json::object& body) {
    return text_field(body, "text");
}

constexpr Offer offers[]{
    {{"/v1/minimax/videos/create", SlotClass::video, prompt, "task_id", check_video, make_video},
     true},
    {{"/v1/minimax/videos/agent-create", SlotClass::video, prompt, "task_id", check_agent_video,
      make_agent_video},
     true},
    {{"/v1/minimax/images/create", SlotClass::image, prompt, "task_id", check_image, make_image}},
    {{"/v1/minimax/agent", SlotClass::agent, prompt, "task_id", check_agent, make_agent},
     false,
     true},
    {{"/v1/minimax/speech/create", SlotClass::speech, text, "task_id", check_speech, make_speech}},
    {{"/v1/minimax/music/create", SlotClass::music, prompt, "task_id", check_music, make_music}},
};

struct Route {
    std::string_view method;
    std::string_view path;  ///< one that ends in "/" has one more segment, an id
    ModelReply (*serve)(World& world, const Visit& visit);
};

/// The first that fits counts.
constexpr Route routes[]{
    {"GET", "/v1/minimax/videos", list_videos},
    {"GET", "/v1/minimax/videos/characters", list_characters},
    {"GET", "/v1/minimax/videos/agent-templates", list_templates},
    {"GET", "/v1/minimax/videos/", query_video},
    {"DELETE", "/v1/minimax/videos/", delete_video},
    {"POST", "/v1/minimax/videos/cancel", cancel_video},
    {"GET", "/v1/minimax/images", list_images},
    {"GET", "/v1/minimax/images/", query_image},
    {"DELETE", "/v1/minimax/images/", delete_image},
    {"GET", "/v1/minimax/agent/jobs", list_agent_jobs},
    {"GET", "/v1/minimax/agent/", query_agent},
    {"GET", "/v1/minimax/speech", list_speech},
    {"GET", "/v1/minimax/speech/voices", list_voices},
    {"GET", "/v1/minimax/speech/", query_speech},
    {"DELETE", "/v1/minimax/speech/", delete_speech},
    {"GET", "/v1/minimax/music/", query_music},
    {"GET", "/v1/minimax/scheduler", show_scheduler},
    {"GET", "/v1/minimax/scheduler/available", show_available},
    {"DELETE", "/v1/minimax/scheduler/", stop_tracking},
    {"GET", "/v1/minimax/accounts", list_accounts},
    {"POST", "/v1/minimax/accounts", link_account},
    {"GET", "/v1/minimax/accounts/", show_account},
    {"DELETE", "/v1/minimax/accounts/", unlink_account},
    {"GET", "/v1/minimax/features", show_features},
    {"POST", "/v1/minimax/files", upload_file},
    {"GET", "/v1/minimax/files", list_files},
    {"DELETE", "/v1/minimax/files/", delete_file},
};

/// The slash behind a list's name is as good as none.
std::string_view without_slash(std::string_view path) {
    return path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
}

bool fits(const Route& route, std::string_view method, std::string_view path) {
    if (route.method != method) return false;
    if (!route.path.ends_with('/')) return path == route.path;
    return path.starts_with(route.path) && path.find('/', route.path.size()) == path.npos;
}

void count(World& world, std::string_view endpoint) {
    ++world.counters.requests[std::string(endpoint)];
}

/// Why the token opens nothing; nullopt: it does.
std::optional<ModelReply> refuse_token(const Call& call, std::string_view path) {
    const std::string& token = call.account;
    const auto says = [&](std::string_view word) { return token.find(word) != token.npos; };
    if (says("echo")) return answer_refusal(401, token + " is no token");
    if (user_of_token(token).empty() || says("bad")) {
        if (path.ends_with("/agent/jobs"))
            return answer(json::object{{"error", words_of(401)}}, 401);
        return answer_refusal(401);
    }
    if (says("broke")) return answer_refusal(402);
    return std::nullopt;
}

}  // namespace

ModelReply serve(World& world, const Call& call) {
    const auto path = without_slash(call.path());
    const auto& method = call.request.method;
    const auto* const offer = std::ranges::find_if(
        offers, [&](const Offer& each) { return method == "POST" && each.route.path == path; });
    const auto* const route =
        std::ranges::find_if(routes, [&](const Route& each) { return fits(each, method, path); });
    const bool sells = offer != std::end(offers);
    if (!sells && route == std::end(routes)) {
        count(world, "other");
        return answer_refusal(404);
    }
    count(world, sells ? path : route->path);
    if (auto refused = refuse_token(call, path)) return std::move(*refused);
    Visit visit{call, user_of_token(call.account), {}};
    if (sells) return serve_offer(world, *offer, visit);
    if (route->path.ends_with('/')) visit.id = path.substr(route->path.size());
    return route->serve(world, visit);
}

}  // namespace genspool::simulator::useapi
