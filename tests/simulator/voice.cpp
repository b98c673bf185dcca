#include "tests/simulator/digest.hpp"
#include "tests/simulator/replies.hpp"
#include "tests/simulator/sale.hpp"

namespace genspool::simulator {

namespace json = boost::json;

Problem check_voice_clone(const json::object& body) {
    return FieldCheck(body)
        .need_text("voice_id", 256)
        .require(body.contains("file_id"), "file_id is required")
        .may_text("text", 1'000)
        .require(!body.contains("text") || body.contains("model"), "model is required with text")
        .problem();
}

Sold make_voice_clone(World& world, const Sale& sale) {
    const std::string voice(text_field(sale.body, "voice_id"));
    world.voices.emplace(sale.call.account + "/" + voice, "voice_cloning");
    Sold sold;
    sold.work = world.work_time(sale.markers);
    json::object answer;
    answer.emplace("input_sensitive", false);
    answer.emplace("demo_audio", "");
    if (sale.body.contains("text")) {
        const auto& item = produce(world, sale, MediaKind::mp3);
        sold.artifacts.push_back(item.made);
        answer["demo_audio"] = day_link(world, sale, item);
    }
    sold.reply = answer_ok(std::move(answer));
    sold.reply.delay = sold.work;
    return sold;
}

Problem check_voice_design(const json::object& body) {
    return FieldCheck(body)
        .need_text("prompt", 10'000)
        .need_text("preview_text", 500)
        .may_text("voice_id", 256)
        .problem();
}

Sold make_voice_design(World& world, const Sale& sale) {
    const auto& item = produce(world, sale, MediaKind::mp3);
    Sold sold;
    sold.work = world.work_time(sale.markers);
    sold.artifacts.push_back(item.made);
    const std::string wanted(text_field(sale.body, "voice_id"));
    const std::string voice =
        wanted.empty() ? "ttv-voice-" + std::to_string(world.next_number()) : wanted;
    world.voices.emplace(sale.call.account + "/" + voice, "voice_generation");
    json::object answer;
    answer.emplace("voice_id", voice);
    answer.emplace("trial_audio", to_hex(item.bytes()));
    sold.reply = answer_ok(std::move(answer));
    sold.reply.delay = sold.work;
    return sold;
}

}  // namespace genspool::simulator
