#include "tests/simulator/upstream_model.hpp"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>

#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/till.hpp"

namespace genspool::simulator {
namespace {

constexpr std::array<PaidRoute, 5> paid_routes{{
    {"/v1/video_generation", SlotClass::video, "prompt", "task_id", check_video, make_video},
    {"/v1/t2a_v2", SlotClass::tts, "text", "data", check_speech, make_speech},
    {"/v1/image_generation", SlotClass::image, "prompt", "data", check_image, make_image},
    {"/v1/music_generation", SlotClass::music, "prompt", "data", check_music, make_music},
    {"/v1/lyrics_generation", SlotClass::lyrics, "prompt", "lyrics", check_lyrics, make_lyrics},
}};

struct FreeRoute {
    std::string_view path;  ///< always GET
    ModelReply (*serve)(World& world, const Call& call);
};

constexpr std::array<FreeRoute, 4> free_routes{{
    {"/v1/query/video_generation", query_video},
    {"/v1/files/retrieve", retrieve_file},
    {"/v1/files/retrieve_content", retrieve_content},
    {"/v1/models", list_models},
}};

void count(World& world, std::string_view endpoint) {
    auto& requests = world.counters.requests;
    auto found = requests.find(endpoint);
    if (found == requests.end()) found = requests.emplace(std::string(endpoint), 0).first;
    ++found->second;
}

bool key_accepted(const std::string& account) {
    return !account.empty() && account.find("bad") == std::string::npos;
}

ModelReply serve_api(World& world, const Call& call) {
    const auto path = call.path();
    const auto named = [&](const auto& route) { return route.path == path; };
    const auto* paid = std::find_if(paid_routes.begin(), paid_routes.end(), named);
    const auto* free = std::find_if(free_routes.begin(), free_routes.end(), named);
    const bool sells = paid != paid_routes.end() && call.request.method == "POST";
    const bool tells = free != free_routes.end() && call.request.method == "GET";
    if (!sells && !tells) {
        count(world, "other");
        return answer_not_found();
    }
    count(world, path);
    if (!key_accepted(call.account)) return answer_code(1004, call.now);
    return sells ? serve_paid(world, *paid, call) : free->serve(world, call);
}

}  // namespace

UpstreamModel::UpstreamModel(ModelOptions options, Recorder& recorder)
    : world_(std::make_unique<World>(std::move(options), recorder)) {}

UpstreamModel::~UpstreamModel() = default;

ModelReply UpstreamModel::handle(const ModelRequest& request, Instant now) {
    const auto url = boost::urls::parse_origin_form(request.target);
    if (!url) return answer_not_found();
    const Call call{request, *url, std::string(bearer_key(request.authorization)), now};
    const auto path = call.path();
    if (path.starts_with("/sim/")) return serve_admin(*world_, call);
    if (path.starts_with("/cdn/")) {
        count(*world_, "/cdn");
        return serve_download(*world_, call);
    }
    auto reply = serve_api(*world_, call);
    reply.headers.emplace_back("Trace-Id", "sim-" + std::to_string(world_->next_number()));
    return reply;
}

}  // namespace genspool::simulator
