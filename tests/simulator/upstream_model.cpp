#include "tests/simulator/upstream_model.hpp"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <ctime>
#include <iterator>

#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/speech_session.hpp"
#include "tests/simulator/till.hpp"
#include "tests/simulator/useapi/api.hpp"

namespace genspool::simulator {
namespace {

std::string_view prompt(const boost::json::object& body) {
    return text_field(body, "prompt");
}

std::string_view text(const boost::json::object& body) {
    return text_field(body, "text");
}

constexpr PaidRoute paid_routes[]{
    {"/v1/video_generation", SlotClass::video, prompt, "task_id", check_video, make_video},
    {"/v1/video_template_generation", SlotClass::video, first_text_input, "task_id",
     check_video_template, make_video_template},
    {"/v2/video_generation", SlotClass::video_v2, content_text, "task_id", check_video_v2,
     make_video_v2},
    {"/v2/video_regeneration", SlotClass::video_v2, content_text, "task_id", check_regeneration,
     make_video_v2},
    {"/v2/h3_context_ir", SlotClass::video_v2, content_text, "task_id", check_context_ir,
     make_context_ir},
    {"/v1/t2a_v2", SlotClass::tts, text, "data", check_speech, make_speech},
    {"/v1/t2a_async_v2", SlotClass::tts_async, text, "task_id", check_speech_async,
     make_speech_async},
    {"/v1/image_generation", SlotClass::image, prompt, "data", check_image, make_image},
    {"/v1/music_generation", SlotClass::music, prompt, "data", check_music, make_music},
    {"/v1/lyrics_generation", SlotClass::lyrics, prompt, "lyrics", check_lyrics, make_lyrics},
    {"/v1/music_cover_preprocess", SlotClass::music, prompt, "cover_feature_id",
     check_cover_preprocess, make_cover_preprocess},
    {"/v1/text/chatcompletion_v2", SlotClass::chat, last_message, "choices", check_chat, make_chat},
    {"/v1/batches", SlotClass::chat_batch, batch_note, "task_id", check_chat_batch,
     make_chat_batch},
    {"/v1/voice_clone", SlotClass::voice, text, "demo_audio", check_voice_clone, make_voice_clone},
    {"/v1/voice_design", SlotClass::voice, prompt, "voice_id", check_voice_design,
     make_voice_design},
};

struct FreeRoute {
    std::string_view method;
    std::string_view path;  ///< one that ends in "/" stands for all with one more segment
    ModelReply (*serve)(World& world, const Call& call);
    std::string_view tail = {};  ///< and what follows that segment

    bool takes(const Call& call) const {
        if (call.request.method != method) return false;
        std::string_view asked = call.path();
        if (!asked.ends_with(tail)) return false;
        asked.remove_suffix(tail.size());
        if (!path.ends_with('/')) return asked == path;
        return asked.starts_with(path) && asked.find('/', path.size()) == std::string_view::npos;
    }
};

constexpr FreeRoute free_routes[]{
    {"GET", "/v1/query/video_generation", query_video},
    {"GET", "/v1/query/video_template_generation", query_video_template},
    {"GET", "/v1/query/t2a_async_query_v2", query_speech},
    {"GET", "/v2/query/video_generation", list_video_v2},
    {"GET", "/v2/query/video_generation/", query_video_v2},
    {"DELETE", "/v2/video_generation/", cancel_video_v2},
    {"GET", "/v1/batches", list_batches},
    {"GET", "/v1/batches/", query_batch},
    {"POST", "/v1/batches/", cancel_batch, "/cancel"},
    {"GET", "/v1/files/retrieve", retrieve_file},
    {"GET", "/v1/files/retrieve_content", retrieve_content},
    {"POST", "/v1/files/upload", upload_file},
    {"GET", "/v1/files/list", list_files},
    {"POST", "/v1/files/delete", delete_file},
    {"POST", "/v1/get_voice", get_voice},
    {"POST", "/v1/delete_voice", delete_voice},
    {"GET", "/v1/token_plan/remains", plan_remains},
    {"POST", "/v1/music_upload", upload_song},
    {"GET", "/v1/models", list_models},
    {"GET", "/ws/v1/t2a_v2", open_speech_session},
};

void count(World& world, std::string_view endpoint) {
    auto& requests = world.counters.requests;
    auto found = requests.find(endpoint);
    if (found == requests.end()) found = requests.emplace(std::string(endpoint), 0).first;
    ++found->second;
}

std::string http_date(Instant at) {
    const std::time_t seconds =
        std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return text.data();
}

/// A key with "only-at-N" in it is one of the region that is played at port N.
bool is_of_here(const Call& call) {
    constexpr std::string_view mark = "only-at-";
    const std::size_t at = call.account.find(mark);
    if (at == std::string::npos) return true;
    const std::string port = call.account.substr(at + mark.size());
    return call.request.host.ends_with(":" + port.substr(0, port.find('-')));
}

bool key_accepted(const Call& call) {
    return !call.account.empty() && call.account.find("bad") == std::string::npos &&
           is_of_here(call);
}

ModelReply serve_api(World& world, const Call& call) {
    const auto path = call.path();
    const auto* paid =
        std::find_if(std::begin(paid_routes), std::end(paid_routes), [&](const PaidRoute& route) {
            return route.path == path && call.request.method == "POST";
        });
    const auto* free = std::find_if(std::begin(free_routes), std::end(free_routes),
                                    [&](const FreeRoute& route) { return route.takes(call); });
    const bool sells = paid != std::end(paid_routes);
    if (!sells && free == std::end(free_routes)) {
        count(world, "other");
        return answer_not_found();
    }
    count(world, sells ? path : free->path);
    if (!key_accepted(call)) {
        return speaks_v2(call) ? answer_error(1004, code_text(1004, call.now))
                               : answer_code(1004, call.now);
    }
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
    const bool resold = path.starts_with(useapi::base);
    auto reply = resold ? useapi::serve(*world_, call) : serve_api(*world_, call);
    reply.headers.emplace_back("Date", http_date(now));
    reply.headers.emplace_back("Trace-Id", "sim-" + std::to_string(world_->next_number()));
    return reply;
}

}  // namespace genspool::simulator
