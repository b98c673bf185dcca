#include "tests/simulator/audio_setting.hpp"
#include "tests/simulator/digest.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/sale.hpp"
#include "tests/simulator/streamed.hpp"

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

}  // namespace genspool::simulator
