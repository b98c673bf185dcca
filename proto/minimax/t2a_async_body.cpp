#include "proto/minimax/t2a_async_body.hpp"

#include <boost/json.hpp>
#include <string_view>
#include <utility>

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

void rename(json::object& fields, std::string_view from, std::string_view to) {
    const auto found = fields.find(from);
    if (found == fields.end()) return;
    json::value value = std::move(found->value());
    fields.erase(found);
    fields[to] = std::move(value);
}

}  // namespace

void speak_as_at_once(json::object& body) {
    json::value& audio = body["audio_setting"];
    if (audio.is_null()) audio = json::object();
    if (json::object* const fields = audio.if_object()) {
        rename(*fields, "audio_sample_rate", "sample_rate");
        json::value& channel = (*fields)["channel"];
        if (channel.is_null()) channel = 2;
    }
    const auto voice = body.find("voice_setting");
    if (voice != body.end() && voice->value().is_object())
        rename(voice->value().get_object(), "english_normalization", "text_normalization");
}

json::object speak_at_leisure(json::object request) {
    // They speak of how the reply comes, and here it is always a file.
    for (const std::string_view name :
         {"output_format", "stream", "stream_options", "subtitle_enable", "subtitle_type"})
        request.erase(name);
    json::object audio;
    if (const json::value* given = request.if_contains("audio_setting");
        given != nullptr && given->is_object())
        audio = given->get_object();
    rename(audio, "sample_rate", "audio_sample_rate");
    // Here two would be the default.
    json::value& channel = audio["channel"];
    if (channel.is_null()) channel = 1;
    request["audio_setting"] = std::move(audio);
    json::value* voice = request.if_contains("voice_setting");
    if (voice != nullptr && voice->is_object())
        rename(voice->get_object(), "text_normalization", "english_normalization");
    return request;
}

}  // namespace genspool::proto::minimax
