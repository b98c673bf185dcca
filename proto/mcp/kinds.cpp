#include <array>
#include <boost/json/parse.hpp>

#include "proto/mcp/kinds.hpp"
#include "proto/mcp/reading.hpp"
#include "proto/mcp/tool.hpp"

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

constexpr std::array table{
    KindText{
        .name = "video",
        .makes = "A film of some seconds from a text, a first picture, two pictures or a subject",
        .fields = "model; prompt; duration (6 or 10); resolution (512P, 768P, 1080P); "
                  "first_frame_image, last_frame_image (a link or a file). Models: "
                  "MiniMax-Hailuo-2.3, MiniMax-Hailuo-2.3-Fast (needs first_frame_image), "
                  "MiniMax-Hailuo-02, and MiniMax-H3, whose request has content, duration and "
                  "resolution (768P, 2K) instead.",
        .minimax = R"({"kind": "video", "model": "MiniMax-Hailuo-02", "prompt": "a fox in the snow",
            "request": {"duration": 6, "resolution": "768P"}})",
        .useapi = R"({"kind": "video", "model": "02", "prompt": "a fox in the snow",
            "request": {"options": "768p-6sec"}})"},
    KindText{
        .name = "video_template",
        .makes = "A film made after one of the provider's templates",
        .fields = "template_id; text_inputs (the prompt is one); media_inputs, a list of "
                  "{\"value\": a link or a file}.",
        .minimax = R"({"kind": "video_template", "request": {"template_id": "392753057216684038",
            "text_inputs": [{"value": "a lion"}],
            "media_inputs": [{"value": "https://example.org/a.png"}]}})"},
    KindText{.name = "tts",
             .makes = "Speech from a text",
             .fields = "model; text (the prompt; up to 200,000 characters); voice_setting.voice_id "
                       "(required), voice_setting.speed (0.5 to 2), .vol, .pitch, .emotion; "
                       "audio_setting.format (mp3, wav, …); language_boost. Models: speech-2.8-hd, "
                       "speech-2.8-turbo, speech-2.6-hd, …",
             .minimax = R"({"kind": "tts", "model": "speech-2.8-hd", "prompt": "Hello there.",
            "request": {"voice_setting": {"voice_id": "English_expressive_narrator"}}})",
             .useapi = R"({"kind": "tts", "model": "speech-2.8-hd", "prompt": "Hello there.",
            "request": {"voice_id": "209533299589184"}})"},
    KindText{.name = "music",
             .makes = "A song from a description and lyrics, or an instrumental",
             .fields = "model; prompt (what it sounds like); lyrics, or is_instrumental: true; "
                       "audio_setting.format. Models: music-3.0, music-2.6, music-cover (with "
                       "audio_url).",
             .minimax = R"({"kind": "music", "model": "music-3.0",
            "prompt": "a slow sea shanty, accordion",
            "request": {"lyrics": "[verse]\nThe wind is up, the sails are set"}})",
             .useapi = R"({"kind": "music", "model": "music-3.0",
            "prompt": "a slow sea shanty, accordion"})"},
    KindText{.name = "lyrics",
             .makes = "Words for a song; the result is text",
             .fields = "mode (write_full_song, or edit with lyrics); prompt; title.",
             .minimax = R"({"kind": "lyrics", "prompt": "a shanty about coming home",
            "request": {"mode": "write_full_song"}})"},
    KindText{
        .name = "image",
        .makes = "Pictures from a text, also after a picture of a person",
        .fields = "model (image-01); prompt; aspect_ratio (1:1, 16:9, 4:3, 3:2, 2:3, 3:4, 9:16, "
                  "21:9); n (how many, 1 to 9: each is paid for); subject_reference: "
                  "[{\"type\": \"character\", \"image_file\": a link or a file}].",
        .minimax = R"({"kind": "image", "model": "image-01", "prompt": "a lighthouse at dusk",
            "request": {"aspect_ratio": "16:9", "n": 1}})",
        .useapi = R"({"kind": "image", "model": "image-01", "prompt": "a lighthouse at dusk"})"},
    KindText{.name = "agent",
             .makes = "A task for useapi.net's agents, which make films and pictures by themselves",
             .fields =
                 "prompt; models (which the agent may use, with commas); file (pictures it is "
                 "shown). Of the provider useapi only.",
             .useapi = R"({"kind": "agent", "prompt": "a short film about a lighthouse",
            "request": {"models": "hailuo-2.3"}})"},
    KindText{.name = "voice_clone",
             .makes = "A voice made after a recording; the result is its id",
             .fields =
                 "voice_id (the new name: 8 characters or more, begins with a letter); file_id "
                 "(the recording: a file, mp3, m4a or wav); text and model for a preview.",
             .minimax = R"({"kind": "voice_clone",
            "request": {"voice_id": "old-sailor-1", "file_id": 106916112212032}})"},
    KindText{
        .name = "voice_design",
        .makes = "A voice made after a description; the result is its id",
        .fields = "prompt (what it sounds like); preview_text (what the trial says, required).",
        .minimax = R"({"kind": "voice_design", "prompt": "an old sailor, warm and hoarse",
            "request": {"preview_text": "Ahoy there."}})"},
    KindText{
        .name = "chat",
        .makes = "One answer of a language model; the result is text",
        .fields = "model; messages (the prompt is one of the user); temperature; "
                  "max_completion_tokens. Models: MiniMax-M3, MiniMax-M2.7.",
        .minimax = R"({"kind": "chat", "model": "MiniMax-M3", "prompt": "Name three winds."})"},
    KindText{
        .name = "chat_batch",
        .makes = "Many chats within a day at half the price",
        .fields = "input_file_id: a file of chat lines, one JSON object a line.",
        .minimax = R"({"kind": "chat_batch", "request": {"input_file_id": "106916112212032"}})"},
};

json::object shown(const KindText& kind, bool whole) {
    json::object out;
    out["kind"] = kind.name;
    out["makes"] = kind.makes;
    if (!whole) return out;
    out["request_fields"] = kind.fields;
    json::object& examples = out["examples_of_submit"].emplace_object();
    if (!kind.minimax.empty()) examples["minimax"] = json::parse(kind.minimax);
    if (!kind.useapi.empty()) examples["useapi"] = json::parse(kind.useapi);
    return out;
}

/// Where things can be bought, as far as the daemon shows it.
json::array providers_of(const json::value& page) {
    json::array providers;
    const json::value& accounts = member(page, "accounts");
    if (!accounts.is_array()) return providers;
    for (const json::value& account : accounts.get_array()) {
        json::object out;
        for (const char* const key : {"name", "provider", "health"})
            out[key] = member(account, key);
        providers.push_back(std::move(out));
    }
    return providers;
}

}  // namespace

std::span<const KindText> kind_texts() {
    return table;
}

Step kinds(const ToolCall& tool) {
    const std::string wanted = text_of(tool.arguments, "kind");
    ApiCall api;
    api.target = "/v1/accounts";
    return call(std::move(api), [wanted](const ApiReply& reply) {
        json::object content;
        json::array& list = content["kinds"].emplace_array();
        for (const KindText& kind : table) {
            if (wanted.empty() || wanted == kind.name) list.push_back(shown(kind, !wanted.empty()));
        }
        // What there is to order is known without the daemon.
        if (reply.good()) content["accounts"] = providers_of(read_json(reply.body));
        content["note"] =
            "Fields and models that are not named here pass through to the provider. price checks "
            "an order and tells its cost.";
        return told(std::move(content));
    });
}

}  // namespace genspool::proto::mcp
