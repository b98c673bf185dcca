#include "tests/simulator/audio_setting.hpp"
#include "tests/simulator/digest.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/sale.hpp"
#include "tests/simulator/streamed.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

/// Which of prompt and lyrics a model wants depends on its age.
Problem check_words(const json::object& body) {
    const auto model = text_field(body, "model");
    const bool instrumental = flag_field(body, "is_instrumental");
    const bool written = flag_field(body, "lyrics_optimizer");
    FieldCheck check(body);
    if (model.starts_with("music-1.5") || model.starts_with("music-2.0")) {
        check.need_text("prompt", 2000).need_text("lyrics", 3000);
    } else if (model.starts_with("music-cover")) {
        const int references = (body.contains("audio_url") ? 1 : 0) +
                               (body.contains("audio_base64") ? 1 : 0) +
                               (body.contains("cover_feature_id") ? 1 : 0);
        check.need_text("prompt", 300)
            .may_text("lyrics", 1000)
            .require(references == 1, "a cover needs one reference");
    } else if (instrumental || written) {
        check.need_text("prompt", 2000).may_text("lyrics", 3500);
    } else if (model == "music-01") {
        const bool sung_by = body.contains("refer_voice") || body.contains("refer_instrumental");
        check.may_text("lyrics", 200)
            .require(sung_by, "refer_voice or refer_instrumental is required");
    } else {
        check.may_text("prompt", 2000).need_text("lyrics", 3500);
    }
    return check.problem();
}

}  // namespace

Problem check_music(const json::object& body) {
    FieldCheck check(body);
    check.need_family("model", {"music-"});
    if (const auto problem = check_words(body)) check.require(false, *problem);
    return check.require(audio_setting(body).known, "audio_setting.format is not made here")
        .may_word("output_format", {"hex", "url"})
        .may_flag("stream")
        .require(!flag_field(body, "stream") || text_field(body, "output_format") != "url",
                 "a stream has no url")
        .problem();
}

Sold make_music(World& world, const Sale& sale) {
    const auto& item = produce(world, sale, audio_setting(sale.body).kind);
    Sold sold;
    sold.work = world.work_time(sale.markers);
    sold.artifacts.push_back(item.made);

    json::object data;
    const bool as_url = text_field(sale.body, "output_format") == "url";
    data.emplace("audio", as_url ? day_link(world, sale, item) : to_hex(item.bytes()));
    data.emplace("status", 2);
    json::object extra;
    extra.emplace("music_duration", 1'000);
    extra.emplace("music_sample_rate", 44'100);
    extra.emplace("music_channel", 2);
    extra.emplace("bitrate", 256'000);
    extra.emplace("music_size", item.made.bytes);
    json::object answer;
    answer.emplace("data", std::move(data));
    answer.emplace("trace_id", std::to_string(world.next_number()));
    answer.emplace("extra_info", std::move(extra));
    answer.emplace("analysis_info", nullptr);
    sold.reply = flag_field(sale.body, "stream")
                     ? stream_audio(to_hex(item.bytes()), std::move(answer), false)
                     : answer_ok(std::move(answer));
    sold.reply.delay = sold.work;
    return sold;
}

Problem check_lyrics(const json::object& body) {
    const auto mode = text_field(body, "mode");
    return FieldCheck(body)
        .require(mode == "write_full_song" || mode == "edit", "mode is required")
        .may_text("prompt", 2000)
        .may_text("lyrics", 3500)
        .require(mode != "edit" || body.contains("lyrics"), "edit needs lyrics")
        .problem();
}

Sold make_lyrics(World& world, const Sale& sale) {
    Sold sold;
    sold.work = world.work_time(sale.markers);
    const auto number = std::to_string(world.next_number());
    json::object answer;
    answer.emplace("song_title", "Song number " + number);
    answer.emplace("style_tags", "folk, calm");
    answer.emplace("lyrics",
                   "[Verse]\nNobody wrote these lines\n[Chorus]\nNumber " + number + "\n");
    sold.reply = answer_ok(std::move(answer));
    sold.reply.delay = sold.work;
    return sold;
}

Problem check_cover_preprocess(const json::object& body) {
    return FieldCheck(body)
        .need_family("model", {"music-cover"})
        .require(body.contains("audio_url") != body.contains("audio_base64"),
                 "exactly one of audio_url and audio_base64 is needed")
        .problem();
}

/// Equal songs have equal ids.
Sold make_cover_preprocess(World& world, const Sale& sale) {
    Sold sold;
    sold.work = world.work_time(sale.markers);
    const std::string song = std::string(text_field(sale.body, "audio_url")) +
                             std::string(text_field(sale.body, "audio_base64"));
    const std::string feature = sha256_hex(song).substr(0, 32);
    world.features.insert(sale.call.account + "/" + feature);
    json::object answer;
    answer.emplace("cover_feature_id", feature);
    answer.emplace("formatted_lyrics", "[Verse]\nNobody wrote these lines\n");
    answer.emplace("structure_result", R"({"num_segments":1})");
    answer.emplace("audio_duration", 95.5);
    answer.emplace("trace_id", std::to_string(world.next_number()));
    sold.reply = answer_ok(std::move(answer));
    sold.reply.delay = sold.work;
    return sold;
}

}  // namespace genspool::simulator
