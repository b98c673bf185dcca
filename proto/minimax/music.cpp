#include "proto/minimax/music.hpp"

#include <algorithm>
#include <array>

#include "proto/checker.hpp"
#include "proto/minimax/audio_reply.hpp"
#include "proto/minimax/cover_song.hpp"
#include "proto/minimax/files.hpp"
#include "proto/minimax/sync_codec.hpp"
#include "proto/upstream_request.hpp"

namespace genspool::proto::minimax {
namespace {

namespace json = boost::json;

/// What a family of models wants. `flexible`: knows is_instrumental and lyrics_optimizer, and what
/// is required follows from them.
struct Model {
    std::string_view name;
    Length prompt;
    Length lyrics;
    bool flexible;
};

constexpr Length current_prompt{0, 2000};
constexpr Length current_lyrics{1, 3500};

/// Sings by what was uploaded, named by its ids.
constexpr std::string_view by_upload = "music-01";
constexpr std::array<std::string_view, 4> song_types{"mpeg", "mp3", "wav", "x-wav"};
struct Song {
    std::string_view field;
    FileRule rule;
};
constexpr FileRule song_rule(std::string_view purpose) {
    return {"audio", song_types, upload_bytes_max + 1, FileRule::Form::handle, purpose};
}
constexpr std::array songs{Song{"refer_voice", song_rule(sung_voice)},
                           Song{"refer_instrumental", song_rule(played_music)}};
/// Sings another song in its own way: exactly one of these names it.
constexpr std::array<std::string_view, 3> cover_fields{"audio_url", "audio_base64",
                                                       "cover_feature_id"};

constexpr std::array models{
    Model{"music-1.5", {10, 300}, {10, 600}, false},
    Model{"music-2.0", {10, 2000}, {10, 3000}, false},
    Model{"music-2.5", current_prompt, current_lyrics, true},
    Model{"music-2.5+", current_prompt, current_lyrics, true},
    Model{"music-2.6", current_prompt, current_lyrics, true},
    Model{"music-2.6-free", current_prompt, current_lyrics, true},
    Model{"music-3.0", current_prompt, current_lyrics, true},
    Model{"music-3.0-free", current_prompt, current_lyrics, true},
};

void check_fields(Checker& request) {
    request.required("model");
    request.check_text("model", {1, 200});
    request.check_bool("stream");
    request.check_text("prompt");
    request.check_text("lyrics");
    request.never_null("output_format");
    request.check_word("output_format", {"hex", "url"});
    if (request.is_true("stream") && request.text("output_format") == "url")
        request.refuse("invalid", "output_format",
                       "request.output_format url does not go with request.stream");
    for (const std::string_view field : {"is_instrumental", "lyrics_optimizer", "aigc_watermark"}) {
        request.check_bool(field);
    }
    if (auto audio = request.object("audio_setting")) {
        audio->check_integer_in("sample_rate", {16000, 24000, 32000, 44100});
        audio->check_integer_in("bitrate", {32000, 64000, 128000, 256000});
        audio->check_word("format", {"mp3", "wav", "pcm"});
    }
}

void check_words(Checker& request, const Model& model) {
    const std::string name{model.name};
    const bool instrumental = request.is_true("is_instrumental");
    const bool optimizer = request.is_true("lyrics_optimizer");
    if (!model.flexible && (instrumental || optimizer)) {
        const std::string_view field = instrumental ? "is_instrumental" : "lyrics_optimizer";
        request.refuse("invalid", field, request.path_of(field) + " is not known to " + name);
    }
    if (!model.flexible || instrumental) request.required("prompt");
    if (instrumental && request.text("prompt").empty()) {
        request.refuse("missing", "prompt", "request.prompt is required for an instrumental");
    }
    request.check_text("prompt", model.prompt);

    const bool sung = !model.flexible || (!instrumental && !optimizer);
    if (sung) request.required("lyrics");
    request.check_text("lyrics", {sung ? model.lyrics.min : 0, model.lyrics.max});
}

/// What a song is made after, and that no other model is given such a thing.
void check_reference(Checker& request) {
    const std::string_view model = request.text("model");
    bool sung_by = false;
    for (const Song& song : songs) {
        if (!request.takes_reference(song.field, song.rule))
            request.check_text(song.field, {1, 256});
        request.note_thing(song.field, Thing::Kind::file, request.text(song.field));
        sung_by = sung_by || request.has(song.field);
    }
    check_cover_song(request);
    request.check_text("cover_feature_id", {1});
    request.note_thing("cover_feature_id", Thing::Kind::feature, request.text("cover_feature_id"));
    if (model == by_upload && !sung_by)
        request.refuse("missing", "refer_voice",
                       "music-01 needs request.refer_voice or request.refer_instrumental");
    const auto named = std::count_if(cover_fields.begin(), cover_fields.end(),
                                     [&](std::string_view field) { return request.has(field); });
    if (is_cover(model) && named != 1)
        request.refuse(named == 0 ? "missing" : "invalid", "audio_url",
                       std::string{model} +
                           " needs exactly one of request.audio_url, audio_base64 and "
                           "cover_feature_id");
    const bool known =
        is_cover(model) ||
        std::any_of(models.begin(), models.end(), [&](const Model& m) { return m.name == model; });
    for (const std::string_view field : cover_fields) {
        if (known && !is_cover(model) && request.has(field))
            request.refuse("invalid", field,
                           request.path_of(field) + " is not known to " + std::string{model});
    }
}

/// The words of a cover: its own are heard from the song unless that was done before.
void check_cover_words(Checker& request) {
    request.required("prompt");
    request.check_text("prompt", {10, 300});
    if (request.has("cover_feature_id")) request.required("lyrics");
    request.check_text("lyrics", {10, 1000});
}

std::string_view format_of(const json::object& request) {
    Findings findings;
    Checker checker{request, "request", findings};
    auto audio = checker.object("audio_setting");
    return audio ? audio->text("format", "mp3") : "mp3";
}

/// Songs last up to about 6 minutes. As hex, mp3 at its highest rate then takes 23 MB and 44.1 kHz
/// wav 127 MB; twice that is reserved, since a reply that outgrows its room is a purchase lost.
std::uint64_t reply_room(const json::object& request) {
    const json::value* output = request.if_contains("output_format");
    if (output != nullptr && *output == "url") return 1U << 20U;
    const json::value* stream = request.if_contains("stream");
    // A stream tells all of it a second time.
    const std::uint64_t times = stream != nullptr && *stream == true ? 2 : 1;
    return times * (format_of(request) == "mp3" ? 64U << 20U : 256U << 20U);
}

class Music final : public SyncCodec {
public:
    const OpInfo& info() const override {
        static constexpr OpInfo op{.name = "minimax.music",
                                   .provider = "minimax",
                                   .kind = Kind::music,
                                   .slot_class = "music",
                                   .reply_is_artifact = true,
                                   .patience = std::chrono::minutes{20},
                                   .poll = PollSchedule{}};
        return op;
    }

    Result<Checked> check(const json::object& request) const override {
        Findings findings;
        Checker checker{request, "request", findings};
        check_fields(checker);
        const std::string_view name = checker.text("model");
        const auto* model = std::find_if(models.begin(), models.end(),
                                         [&](const Model& m) { return m.name == name; });
        if (model != models.end()) check_words(checker, *model);
        if (is_cover(name)) check_cover_words(checker);
        if (name == by_upload) checker.check_text("lyrics", {0, 200});
        check_reference(checker);
        if (findings.refused) return *findings.refused;
        Checked checked;
        checked.model = name;
        checked.price_key = "minimax.music/" + checked.model;
        checked.files = std::move(findings.files);
        checked.names = std::move(findings.names);
        return checked;
    }

    Call submit(const JobSpec& spec) const override {
        const json::object request = parse_request(spec.request);
        // A link could not be renewed: without the user's word the song comes in the reply.
        const std::string body = request.contains("output_format")
                                     ? spec.request
                                     : with_member(spec.request, "output_format", "hex");
        return paid_call("/v1/music_generation", body, std::chrono::seconds{600},
                         reply_room(request));
    }

    SubmitOutcome on_submit(const JobSpec& spec, const Reply& reply) const override {
        const json::object request = parse_request(spec.request);
        return read_audio_reply(reply, audio_media_type(format_of(request)));
    }

    ExtractOutcome extract(const JobSpec&, const Reply& reply, std::size_t) const override {
        return extract_audio(reply, "music_size");
    }
};

}  // namespace

const Codec& music() {
    static const Music codec;
    return codec;
}

}  // namespace genspool::proto::minimax
