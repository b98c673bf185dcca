#include "tests/simulator/audio_setting.hpp"
#include "tests/simulator/digest.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/sale.hpp"
#include "tests/simulator/streamed.hpp"
#include "tests/simulator/task_sale.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

bool has_voice(const json::object& body) {
    if (body.contains("timbre_weights")) return true;
    const auto* setting = body.if_contains("voice_setting");
    return setting != nullptr && setting->is_object() &&
           !text_field(setting->get_object(), "voice_id").empty();
}

}  // namespace

Problem check_speech(const json::object& body) {
    return FieldCheck(body)
        .need_family("model", {"speech-"})
        .need_text("text", 10'000)
        .require(has_voice(body), "voice_setting.voice_id is required")
        .require(audio_setting(body).known, "audio_setting.format is not made here")
        .may_word("output_format", {"hex", "url"})
        .may_flag("stream")
        .require(!flag_field(body, "stream") || text_field(body, "output_format") != "url",
                 "a stream has no url")
        .problem();
}

Sold make_speech(World& world, const Sale& sale) {
    const auto audio = audio_setting(sale.body);
    const auto& item = produce(world, sale, audio.kind);
    Sold sold;
    sold.work = world.work_time(sale.markers);
    sold.artifacts.push_back(item.made);

    json::object data;
    const bool as_url = text_field(sale.body, "output_format") == "url";
    data.emplace("audio", as_url ? day_link(world, sale, item) : to_hex(item.bytes()));
    data.emplace("status", 2);
    json::object extra;
    extra.emplace("audio_length", 1'000);
    extra.emplace("audio_sample_rate", 32'000);
    extra.emplace("audio_size", item.made.bytes);
    extra.emplace("bitrate", 128'000);
    extra.emplace("word_count", sale.prompt.size());
    extra.emplace("invisible_character_ratio", 0);
    extra.emplace("usage_characters", sale.prompt.size());
    extra.emplace("audio_format", audio.name);
    extra.emplace("audio_channel", 1);
    json::object answer;
    answer.emplace("data", std::move(data));
    answer.emplace("extra_info", std::move(extra));
    answer.emplace("trace_id", std::to_string(world.next_number()));
    if (flag_field(sale.body, "stream")) {
        const auto* options = sale.body.if_contains("stream_options");
        const bool excluded = options != nullptr && options->is_object() &&
                              flag_field(options->get_object(), "exclude_aggregated_audio");
        sold.reply = stream_audio(to_hex(item.bytes()), std::move(answer), excluded);
    } else {
        sold.reply = answer_ok(std::move(answer));
    }
    sold.reply.delay = sold.work;
    return sold;
}

Problem check_speech_async(const json::object& body) {
    const auto* audio = body.if_contains("audio_setting");
    const bool renamed =
        audio == nullptr || !audio->is_object() || !audio->get_object().contains("sample_rate");
    FieldCheck check(body);
    if (!body.contains("text_file_id")) check.need_text("text", 50'000);
    return check.need_family("model", {"speech-"})
        .require(body.contains("text") != body.contains("text_file_id"), "one text, or one file")
        .require(has_voice(body), "voice_setting.voice_id is required")
        .require(audio_setting(body).kind == MediaKind::mp3, "only mp3 is bundled here")
        .require(renamed, "it is audio_sample_rate here")
        .require(!body.contains("output_format"), "output_format is not known here")
        .problem();
}

/// The file is a bundle: the audio, its subtitles, and a description.
Sold make_speech_async(World& world, const Sale& sale) {
    Sold sold = sell_task(world, sale, TaskFamily::speech, MediaKind::tar);
    const std::int64_t file_id = world.tasks.at(sold.task).file_id;
    if (const ShelfItem* const item = world.shelf.find(file_id)) {
        sold.artifacts.clear();
        for (const BundleMember& member : bundle_members(item->mark))
            sold.artifacts.push_back({sha256_hex(member.bytes), member.bytes.size()});
    }
    json::object answer = task_answer(world, sale, sold);
    answer.emplace("task_token", "eyJ");
    answer.emplace("file_id", file_id);
    answer.emplace("usage_characters", sale.prompt.size());
    sold.reply = answer_ok(std::move(answer));
    return sold;
}

}  // namespace genspool::simulator
