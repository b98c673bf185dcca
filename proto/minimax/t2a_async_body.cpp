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

}  // namespace genspool::proto::minimax
