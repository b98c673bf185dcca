#include "proto/minimax/t2a_v2_request.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "proto/checker.hpp"
#include "proto/upstream_request.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

void check_stream(Checker& request) {
    request.check_bool("stream");
    request.check_word("subtitle_type", {"sentence", "word", "word_streaming"});
    if (auto options = request.object("stream_options"))
        options->check_bool("exclude_aggregated_audio");
    const bool streamed = request.is_true("stream");
    if (streamed && request.text("output_format") == "url")
        request.refuse("invalid", "output_format",
                       "request.output_format url does not go with request.stream");
    if (!streamed && request.text("subtitle_type") == "word_streaming")
        request.refuse("invalid", "subtitle_type",
                       "request.subtitle_type word_streaming needs request.stream");
}

void check_said(Checker& request, const T2aText& text) {
    if (text.file == nullptr || !request.has("text_file_id")) {
        request.required("text");
        request.check_text("text", {1, text.characters_max});
        return;
    }
    if (request.has("text")) {
        request.refuse("invalid", "text_file_id",
                       "request.text and request.text_file_id exclude each other");
    }
    request.check_file_id("text_file_id", *text.file);
}

void check_fields(Checker& request, const T2aText& text) {
    request.required("model");
    request.check_text("model", {1, 200});
    check_said(request, text);
    request.check_text("language_boost", {1, 100});
    request.check_bool("subtitle_enable");
    request.check_bool("aigc_watermark");
    request.never_null("output_format");
    request.check_word("output_format", {"hex", "url"});
    check_stream(request);
    if (auto pronunciation = request.object("pronunciation_dict"))
        pronunciation->check_texts("tone");
}

void check_emotion(Checker& voice, std::string_view model) {
    voice.check_word("emotion", {"happy", "sad", "angry", "fearful", "disgusted", "surprised",
                                 "calm", "fluent", "whisper"});
    const std::string_view emotion = voice.text("emotion");
    const bool old = model.starts_with("speech-01-") || model.starts_with("speech-02-");
    const bool refused = (emotion == "fluent" && old) ||
                         (emotion == "whisper" && (old || model.starts_with("speech-2.8-")));
    if (refused) {
        voice.refuse("invalid", "emotion",
                     voice.path_of("emotion") + " " + std::string{emotion} + " is not known to " +
                         std::string{model});
    }
}

void check_voice(Checker& request) {
    bool weighted = false;
    for (const std::string_view field : {"timbre_weights", "timber_weights"}) {  // both are spelt
        for (Checker& weight : request.objects(field, {1, 4})) {
            weight.required("voice_id");
            weight.check_text("voice_id", {1, 256});
            weight.note_thing("voice_id", Thing::Kind::voice, weight.text("voice_id"));
            weight.required("weight");
            weight.check_integer("weight", 1, 100);
            weighted = true;
        }
    }
    auto voice = request.object("voice_setting");
    if (!voice) return;
    if (!weighted) voice->required("voice_id");
    voice->check_text("voice_id", {weighted ? 0U : 1U, 256});
    voice->note_thing("voice_id", Thing::Kind::voice, voice->text("voice_id"));
    voice->check_number("speed", {0.5, 2});
    voice->check_number("vol", {0, 10, true});
    voice->check_integer("pitch", -12, 12);
    check_emotion(*voice, request.text("model"));
    voice->check_bool("text_normalization");
    voice->check_bool("latex_read");
}

void check_audio(Checker& request) {
    if (auto audio = request.object("audio_setting")) {
        audio->check_integer_in("sample_rate", {8000, 16000, 22050, 24000, 32000, 44100});
        for (const std::string_view field :
             {"bitrate", "audio_bitrate"}) {  // the older name passes
            audio->check_integer_in(field, {32000, 64000, 128000, 256000});
        }
        audio->check_word("format", {"mp3", "pcm", "flac", "wav", "pcmu_raw", "pcmu_wav", "opus"});
        audio->check_integer_in("channel", {1, 2});
        audio->check_bool("force_cbr");
    }
}

void check_effects(Checker& request, std::string_view format) {
    auto modify = request.object("voice_modify");
    if (!modify) return;
    for (const std::string_view field : {"pitch", "intensity", "timbre"}) {
        modify->check_integer(field, -100, 100);
    }
    modify->check_word("sound_effects",
                       {"spacious_echo", "auditorium_echo", "lofi_telephone", "robotic"});
    if (format != "mp3" && format != "wav" && format != "flac") {
        request.refuse("invalid", "voice_modify",
                       "request.voice_modify goes with mp3, wav and flac only, not with " +
                           std::string{format});
    }
}

/// Seconds of the "<#1.5#>" in a text.
double pauses(std::string_view text) {
    double seconds = 0;
    for (std::size_t at = text.find("<#"); at != std::string_view::npos;
         at = text.find("<#", at + 2)) {
        double pause = 0;
        const char* begin = text.data() + at + 2;
        const auto read = std::from_chars(begin, text.data() + text.size(), pause);
        if (read.ec == std::errc{} && pause > 0 && pause < 100) seconds += pause;
    }
    return seconds;
}

double bytes_per_second(Checker& request) {
    auto audio = request.object("audio_setting");
    const std::string_view format = audio ? audio->text("format", "mp3") : "mp3";
    constexpr std::int64_t bitrate_max = 256'000;
    if (format == "mp3" && audio) {
        const std::int64_t older = audio->integer("audio_bitrate", bitrate_max);
        return static_cast<double>(audio->integer("bitrate", older)) / 8;
    }
    if (format == "mp3" || format == "opus") return bitrate_max / 8;
    const std::int64_t rate = audio->integer("sample_rate", 44'100);
    const std::int64_t sample = format.starts_with("pcmu") ? 1 : 2;
    return static_cast<double>(rate * sample * audio->integer("channel", 1));
}

}  // namespace

Result<Checked> check_t2a_v2(const json::object& request, const T2aText& text) {
    Findings findings;
    Checker checker{request, "request", findings};
    check_fields(checker, text);
    check_voice(checker);
    check_audio(checker);
    check_effects(checker, t2a_format(request));
    if (findings.refused) return *findings.refused;
    Checked checked;
    checked.model = checker.text("model");
    checked.price_key = "minimax.t2a_v2/" + checked.model;
    checked.quantity = static_cast<std::int64_t>(code_points(checker.text("text")));
    checked.files = std::move(findings.files);
    checked.names = std::move(findings.names);
    return checked;
}

std::string_view t2a_format(const json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    auto audio = checker.object("audio_setting");
    return audio ? audio->text("format", "mp3") : "mp3";
}

double t2a_audio_bytes(const json::object& request, double seconds_per_character) {
    Findings findings;
    Checker checker{request, "request", findings};
    auto voice = checker.object("voice_setting");
    const double speed = std::max(voice ? voice->number("speed", 1) : 1, 0.5);
    const std::string_view text = checker.text("text");
    const double spoken = static_cast<double>(code_points(text)) * seconds_per_character / speed;
    return (spoken + pauses(text)) * bytes_per_second(checker);
}

std::uint64_t t2a_reply_room(const json::object& request) {
    constexpr double seconds_per_character = 0.3;  // Chinese is the slowest: about four a second
    constexpr double least = 1U << 20U;
    constexpr double most = 1U << 30U;
    Findings findings;
    Checker checker{request, "request", findings};
    if (checker.text("output_format") == "url") return 1U << 20U;
    // A stream tells all of it a second time.
    const double times = checker.is_true("stream") ? 4 : 2;
    const double hex = times * t2a_audio_bytes(request, seconds_per_character);
    return static_cast<std::uint64_t>(std::clamp(least + hex, least, most));
}

}  // namespace genspool::proto::minimax
