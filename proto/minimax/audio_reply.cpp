#include "proto/minimax/audio_reply.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <cmath>
#include <utility>

#include "proto/event_stream.hpp"
#include "proto/minimax/envelope.hpp"
#include "proto/minimax/event_reply.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

bool is_small_scalar(const json::value& value) {
    if (value.is_double()) return std::isfinite(value.get_double());
    if (value.is_string()) return value.get_string().size() <= 2048;
    return value.is_bool() || value.is_number();
}

/// What is worth keeping of the reply beside its audio: lengths, rates, billed characters.
std::string small_result(const json::object& fields) {
    json::object result = small_extra_info(fields);
    if (const json::object* data = object_member(fields, "data")) {
        const std::string subtitles = text_or_number(*data, "subtitle_file");
        if (!subtitles.empty() && subtitles.size() <= 4096) result["subtitle_file"] = subtitles;
    }
    const std::string trace = text_or_number(fields, "trace_id");
    if (!trace.empty() && trace.size() <= 128) result["trace_id"] = trace;
    return json::serialize(result);
}

/// A streamed reply, put together.
struct Streamed {
    std::string hex;
    json::object last;             ///< the event that says the end; empty: there is none
    std::optional<Refusal> error;  ///< in place of the end
    bool begun = false;            ///< a piece of it came, be it an empty one
};

bool is_last(const json::object& event) {
    const json::object* data = object_member(event, "data");
    return data != nullptr && text_or_number(*data, "status") == "2";
}

/// The last event repeats the whole audio, unless the request has excluded that; what came before
/// it is the same in pieces, and not to be added to it.
Streamed join(const Reply& reply) {
    Streamed streamed;
    for (json::object& event : events_of(reply)) {
        streamed.error = refusal_in(event, reply.status);
        if (streamed.error) return streamed;
        streamed.begun = true;
        const std::string_view audio = audio_of(event);
        if (!is_last(event)) {
            streamed.hex += audio;
            continue;
        }
        if (!audio.empty()) streamed.hex = audio;
        streamed.last = std::move(event);
        return streamed;
    }
    return streamed;
}

SubmitOutcome read_streamed(const Reply& reply, std::string_view media_type) {
    Streamed streamed = join(reply);
    if (streamed.error) {
        // Whatever the code says: the work had begun.
        if (streamed.begun) streamed.error->on_create = OnCreate::taken_failed;
        return std::move(*streamed.error);
    }
    if (streamed.last.empty()) {
        return incomplete(reply, "stream.cut", "the audio's stream ended before its end",
                          streamed.begun ? OnCreate::taken_failed : OnCreate::ambiguous);
    }
    if (streamed.hex.empty())
        return incomplete(reply, "reply.empty", "the stream held no audio", OnCreate::taken_failed);
    Delivered delivered;
    delivered.artifacts.push_back(spooled_artifact(std::string{media_type}));
    delivered.result = small_result(streamed.last);
    return delivered;
}

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

}  // namespace

std::string_view audio_of(const json::object& fields) {
    const json::object* data = object_member(fields, "data");
    if (data == nullptr) return {};
    for (const std::string_view name : {"audio", "audio_url"}) {
        const json::value* value = data->if_contains(name);
        const json::string* text = value != nullptr ? value->if_string() : nullptr;
        if (text != nullptr && !text->empty()) return {text->data(), text->size()};
    }
    return {};
}

json::object small_extra_info(const json::object& fields) {
    json::object small;
    if (const json::object* extra = object_member(fields, "extra_info")) {
        for (const auto& [key, value] : *extra) {
            if (is_small_scalar(value) && small.size() < 32) small.insert_or_assign(key, value);
        }
    }
    return small;
}

std::string_view audio_media_type(std::string_view format) {
    if (format == "mp3") return "audio/mpeg";
    if (format == "wav" || format == "pcmu_wav") return "audio/wav";
    if (format == "flac") return "audio/flac";
    if (format == "pcm") return "audio/pcm";
    if (format == "pcmu_raw") return "audio/basic";
    if (format == "opus") return "audio/opus";
    return "";
}

std::optional<std::string> hex_decode(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string bytes(text.size() / 2, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int high = hex_value(text[2 * i]);
        const int low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes[i] = static_cast<char>(high * 16 + low);
    }
    return bytes;
}

SubmitOutcome read_audio_reply(const Reply& reply, std::string_view media_type) {
    if (is_event_stream(reply)) return read_streamed(reply, media_type);
    const Envelope envelope = read_envelope(reply);
    if (!succeeded(reply, envelope)) return refusal(reply, envelope);

    const std::string_view audio = audio_of(envelope.fields);
    if (audio.empty()) {
        const OnCreate means = envelope.says_success ? OnCreate::taken_failed : OnCreate::ambiguous;
        return incomplete(reply, "reply.empty", "the answer holds no audio", means);
    }
    Delivered delivered;
    if (is_link(audio)) {
        delivered.artifacts.push_back(
            linked_artifact(std::string{audio}, std::string{media_type}, reply));
    } else {
        delivered.artifacts.push_back(spooled_artifact(std::string{media_type}));
    }
    delivered.result = small_result(envelope.fields);
    return delivered;
}

ExtractOutcome extract_audio(const Reply& reply, std::string_view size_field) {
    json::object fields;
    std::string audio;
    if (is_event_stream(reply)) {
        Streamed streamed = join(reply);
        audio = std::move(streamed.hex);
        fields = std::move(streamed.last);
    } else {
        fields = read_envelope(reply).fields;
        audio = audio_of(fields);
    }
    if (audio.empty()) return artifact_failure("artifact.missing", "the reply holds no audio");

    std::optional<std::string> bytes = hex_decode(audio);
    if (!bytes) return artifact_failure("artifact.hex", "the reply's audio is not valid hex");

    const json::object* extra = object_member(fields, "extra_info");
    const std::string stated = extra != nullptr ? text_or_number(*extra, size_field) : "";
    if (!stated.empty() && stated != "0" && stated != std::to_string(bytes->size())) {
        return artifact_failure("artifact.length", "the reply's audio has " +
                                                       std::to_string(bytes->size()) +
                                                       " bytes; it states " + stated);
    }
    return std::move(*bytes);
}

}  // namespace genspool::proto::minimax
