#include <algorithm>
#include <boost/json.hpp>

#include "tests/simulator/till.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/desk.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

constexpr std::uint64_t tracks_max = 3;

bool lies_between(const json::object& body, std::string_view field, double least, double most) {
    const auto* value = body.if_contains(field);
    if (value == nullptr) return true;
    if (!value->is_number()) return false;
    const auto number = value->to_number<double>();
    return number >= least && number <= most;
}

bool comes_in_array(World& world, const Sale& sale, const Sold& sold) {
    if (sale.markers.tracks) return true;
    if (!world.strikes(Fault::music_array)) return false;
    note(world, sale, "music-array", false, sold.task);
    return true;
}

}  // namespace

Problem check_speech(const json::object& body) {
    const bool turbo = text_field(body, "model").find("turbo") != std::string_view::npos;
    FieldCheck check(body);
    if (body.contains("model")) check.need_family("model", {"speech-"});
    return check.need_text("text", turbo ? 10'000 : 5'000)
        .need_text("voice_id", 100)
        .may_word("emotion", {"happy", "sad", "angry", "fearful", "disgusted", "surprised",
                              "neutral", "fluent"})
        .require(lies_between(body, "speed", 0.5, 2), "speed must be 0.5 to 2")
        .require(lies_between(body, "pitch", -12, 12), "pitch must be -12 to 12")
        .problem();
}

Sold make_speech(World& world, const Sale& sale) {
    Sold sold = begin_sale(world, sale);
    Job& job = begin_job(world, sale, JobType::speech, sold);
    job.voice = text_field(sale.body, "voice_id");
    make_file(world, sale, job, MediaKind::mp3, sold);
    judge(world, sold);
    json::object ids{{"audioId", job.id}, {"status", 0}, {"statusLabel", "pending"}};
    ids.emplace("statusFinal", false);
    sold.reply = hand_over(world, sale, sold, ids, 201);
    return sold;
}

Problem check_music(const json::object& body) {
    FieldCheck check(body);
    if (body.contains("model")) check.need_family("model", {"music-"});
    return check.need_text("prompt", 2'000)
        .may_text("lyrics", 3'500)
        .may_flag("instrumental")
        .may_text("title", 40)
        .require(!flag_field(body, "stream"), "stream is not made here")
        .problem();
}

Sold make_music(World& world, const Sale& sale) {
    Sold sold = begin_sale(world, sale);
    const auto wanted = std::clamp<std::uint64_t>(sale.markers.tracks.value_or(1), 1, tracks_max);
    json::array tracks;
    for (std::uint64_t n = 0; n < wanted; ++n) {
        Job& job = begin_job(world, sale, JobType::music, sold);
        const auto title = text_field(sale.body, "title");
        const auto lyrics = text_field(sale.body, "lyrics");
        job.title = title.empty() ? "Untitled" : title;
        job.lyrics = lyrics.empty() ? "[Verse]\nNobody wrote these lines\n" : lyrics;
        make_file(world, sale, job, MediaKind::mp3, sold);
        json::object track{{"musicId", job.id}, {"statusLabel", "pending"}};
        track.emplace("statusFinal", false);
        tracks.emplace_back(std::move(track));
    }
    judge(world, sold);
    const json::value ids = comes_in_array(world, sale, sold) ? json::value(tracks) : tracks[0];
    sold.reply = hand_over(world, sale, sold, ids, 201);
    return sold;
}

}  // namespace genspool::simulator::useapi
