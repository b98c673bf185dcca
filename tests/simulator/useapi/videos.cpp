#include <array>
#include <boost/json.hpp>
#include <span>

#include "tests/simulator/streamed.hpp"
#include "tests/simulator/till.hpp"
#include "tests/simulator/useapi/desk.hpp"
#include "tests/simulator/useapi/file_names.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

/// Size and length in one word, as the models of that family offer them.
struct Family {
    std::string_view prefix;
    std::span<const std::string_view> options;  ///< empty: it takes none
};

constexpr std::array<std::string_view, 5> of_02{"512p-6sec", "512p-10sec", "768p-6sec",
                                                "768p-10sec", "1080p-6sec"};
constexpr std::array<std::string_view, 3> of_23{"768p-6sec", "768p-10sec", "1080p-6sec"};
constexpr std::array<std::string_view, 3> of_sora{"720p-4sec", "720p-8sec", "720p-12sec"};
constexpr std::array<std::string_view, 3> of_veo{"veo-720p-8sec", "veo-1080p-8sec", "veo-4k-8sec"};

/// The first whose prefix fits counts.
constexpr Family families[]{
    {"02", of_02},       {"T2V-2.3", of_23},  {"I2V-2.3", of_23},
    {"Sora-2", of_sora}, {"Veo-3.1", of_veo}, {"T2V-01", {}},
    {"I2V-01", {}},      {"S2V-01", {}},      {"Seedance-2.0", {}},
};

std::string_view model_of(const json::object& body) {
    const auto model = text_field(body, "model");
    if (!model.empty()) return model;
    return body.contains("fileID") ? "I2V-01" : "T2V-01";
}

bool options_fit(const json::object& body) {
    if (!body.contains("options")) return true;
    const auto model = model_of(body);
    const auto* family = std::ranges::find_if(
        families, [&](const Family& each) { return model.starts_with(each.prefix); });
    if (family == std::end(families)) return false;
    return std::ranges::find(family->options, text_field(body, "options")) != family->options.end();
}

/// fileID, fileID2, fileID3, … without a gap.
bool without_gaps(const json::object& body, std::string_view name, int first, int last) {
    bool ended = false;
    for (int n = first; n <= last; ++n) {
        const bool there = body.contains(std::string(name) + std::to_string(n));
        if (there && ended) return false;
        ended = ended || !there;
    }
    return true;
}

/// What only Seedance takes.
Problem check_seedance(const json::object& body) {
    const auto model = model_of(body);
    const bool seedance = model.starts_with("Seedance");
    FieldCheck check(body);
    for (const std::string_view field : {"resolution", "duration", "videoFileID1", "audioFileID1"})
        check.require(seedance || !body.contains(field), "this model takes no such field");
    const auto resolution = text_field(body, "resolution");
    const bool large = resolution == "1080" || resolution == "4K";
    return check.may_word("resolution", {"480", "720", "1080", "4K"})
        .require(!large || model == "Seedance-2.0", "this model is not that large")
        .may_whole("duration", 4, 15)
        .problem();
}

}  // namespace

Problem check_video(const json::object& body) {
    const auto model = model_of(body);
    FieldCheck check(body);
    if (body.contains("model"))
        check.need_family("model", {"02", "T2V-2.3", "I2V-2.3", "Sora-2", "Veo-3.1", "T2V-01",
                                    "I2V-01", "S2V-01", "Seedance-2.0"});
    const std::size_t prompt_max = model.starts_with("Seedance") ? 7500 : 2000;
    if (body.contains("fileID")) {
        check.may_text("prompt", prompt_max);
    } else {
        check.need_text("prompt", prompt_max);
    }
    const bool ended = body.contains("end_frame_fileID");
    const bool ends = model == "02" || model == "Veo-3.1" || model == "Veo-3.1-Fast";
    check.may_flag("promptOptimization")
        .require(options_fit(body), "options do not fit the model")
        .require(!ended || ends, "this model takes no end_frame_fileID")
        .require(!ended || text_field(body, "end_frame_fileID") != text_field(body, "fileID"),
                 "end_frame_fileID must differ from fileID")
        .require(without_gaps(body, "fileID", 2, 14), "fileID2… must be consecutive")
        .require(without_gaps(body, "videoFileID", 1, 3), "videoFileID1… must be consecutive")
        .require(without_gaps(body, "audioFileID", 1, 3), "audioFileID1… must be consecutive")
        .may_word("aspectRatio", {"Auto", "21:9", "16:9", "4:3", "1:1", "3:4", "9:16"});
    if (const auto problem = check_seedance(body)) check.require(false, *problem);
    return check.problem();
}

Sold make_video(World& world, const Sale& sale) {
    Sold sold = begin_sale(world, sale);
    Job& job = begin_job(world, sale, JobType::video, sold);
    make_file(world, sale, job, MediaKind::mp4, sold);
    judge(world, sold);
    json::object ids{{"data", json::object{{"id", std::to_string(job.number)}}}};
    ids.emplace("statusInfo", json::object{{"code", 0}, {"httpCode", 0}, {"message", "ok"}});
    ids.emplace("videoId", job.id);
    sold.reply = hand_over(world, sale, sold, ids, 200);
    return sold;
}

Problem check_agent_video(const json::object& body) {
    return FieldCheck(body)
        .need_text("templateId", 100)
        .may_text("prompt", 2000)
        .require(!body.contains("fileID") || body.contains("ossPath"), "ossPath is required")
        .problem();
}

/// The answer comes as it is worked on; the video is named when it is there.
Sold make_agent_video(World& world, const Sale& sale) {
    Sold sold = begin_sale(world, sale);
    Job& job = begin_job(world, sale, JobType::video, sold);
    make_file(world, sale, job, MediaKind::mp4, sold);
    judge(world, sold);
    std::vector<json::object> events;
    for (const int percent : {0, 25, 50, 75})
        events.push_back({{"status", "processing"}, {"percent", percent}});
    json::object last{{"status", job.fail == 0 ? "completed" : "failed"}, {"percent", 100}};
    if (!stays_nameless(world, sale, sold)) last.emplace("videoId", job.id);
    events.push_back(std::move(last));
    sold.reply = answer_events(events);
    if (world.strikes(Fault::cut_paid_reply)) {
        note(world, sale, "cut-paid-reply", true, sold.task);
        sold.reply.fate = {FateKind::cut, world.dice.below(sold.reply.body.size()), Duration(0)};
    } else if (sold.work.count() > 0) {
        sold.reply.fate = {FateKind::trickle, 0, sold.work};
    }
    return sold;
}

}  // namespace genspool::simulator::useapi
