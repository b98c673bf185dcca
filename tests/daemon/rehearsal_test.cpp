// What a batch would come to: the real queue on a virtual clock, with a model of the upstream.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "tests/daemon/rehearsed.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace genspool;
using namespace genspool::tests;
using namespace std::chrono_literals;
using daemon::InFile;
using daemon::RehearsalReport;
using daemon::SlotUse;
using daemon::Stopped;

namespace {

std::string video(const std::string& custom_id, const std::string& extra = "") {
    return R"({"kind":"video","custom_id":")" + custom_id + R"(",)" + extra +
           R"("request":{"model":"MiniMax-Hailuo-02","prompt":"a kite",)"
           R"("duration":6,"resolution":"768P"}})"
           "\n";
}

std::string videos(int count, const std::string& extra = "") {
    std::string lines;
    for (int n = 0; n < count; ++n)
        lines += video("shot-" + std::to_string(n), extra);
    return lines;
}

proto::Duration length(const RehearsalReport& report) {
    REQUIRE(report.ends_at.has_value());
    return *report.ends_at - report.starts_at;
}

const SlotUse& use_of(const RehearsalReport& report, const std::string& account,
                      const std::string& slot_class = "video") {
    for (const SlotUse& use : report.uses) {
        if (use.account == account && use.slot_class == slot_class) return use;
    }
    FAIL("no slots of account " << account);
    throw std::logic_error("unreachable");
}

/// The only reason why jobs do not come to their end.
Stopped only_stop(const RehearsalReport& report) {
    REQUIRE(report.stopped.size() == 1);
    return report.stopped.front();
}

const std::vector<std::string> a_minute{"minimax.video_v1=60s"};
const std::string no_rpm = "rpm = 0\n";

}  // namespace

TEST_CASE("a chain ends when its last job does, and costs what its jobs cost") {
    const std::string lines =
        R"({"kind":"image","custom_id":"still","request":{"model":"image-01","prompt":"a kite"}})"
        "\n"
        R"({"kind":"video","custom_id":"clip","request":{"model":"MiniMax-Hailuo-02","prompt":)"
        R"("it flies","duration":6,"resolution":"768P",)"
        R"("first_frame_image":{"$artifact":"still/0"}}})"
        "\n"
        R"({"kind":"tts","custom_id":"voice","after":["clip"],"request":)"
        R"({"model":"speech-2.8-hd","text":"The kite.","voice_setting":{"voice_id":"x"}}})"
        "\n";
    const RehearsalReport report = rehearsed(
        lines, no_rpm, {"minimax.image=10s", "minimax.video_v1=60s", "minimax.t2a_v2=4s"});
    CHECK(report.succeeded == 3);
    CHECK(report.stopped.empty());
    CHECK(report.spent ==
          std::map<proto::Unit, proto::Micros>{{proto::Unit::usd, 3'500 + 280'000 + 900}});
    CHECK(report.unpriced == 0);
    CHECK(length(report) > 74s);
    CHECK(length(report) < 74s * 5 / 4);
    CHECK(report.bottleneck.gate.empty());
    CHECK(report.bottleneck.last_jobs ==
          std::vector<InFile>{{3, "voice"}, {2, "clip"}, {1, "still"}});
    CHECK(report.times.at("minimax.video_v1").source == "given");
}

TEST_CASE("too few slots are the bottleneck, and are always busy") {
    const RehearsalReport report = rehearsed(videos(10), no_rpm + "slots = 2\n", a_minute);
    CHECK(report.succeeded == 10);
    CHECK(length(report) > 5 * 60s);
    CHECK(length(report) < 5 * 60s * 3 / 2);  // with the wait for each poll
    CHECK(report.bottleneck.gate == "slot");
    CHECK(report.bottleneck.account == "main");
    CHECK(report.bottleneck.slot_class == "video");
    CHECK(report.bottleneck.waited > 4 * 60s);
    const SlotUse& use = use_of(report, "main");
    CHECK(use.jobs == 10);
    CHECK(use.busy > length(report) * 2 * 9 / 10);
    CHECK(use.busy <= length(report) * 2);
}

TEST_CASE("a rate is the bottleneck where slots are plenty") {
    const RehearsalReport report = rehearsed(videos(60), "slots = 100\nrpm = 5\n", a_minute);
    CHECK(report.bottleneck.gate == "rate");
    CHECK(length(report) > 12 * 60s);
    CHECK(length(report) < 15 * 60s);
}

TEST_CASE("two accounts share the work by their slots and kinds") {
    const std::string second =
        "slots = 3\nrpm = 0\n[[account]]\nname = \"other\"\nprovider = \"minimax\"\n"
        "api_key_file = \"/nowhere/other.key\"\nslots = 1\nrpm = 0\n"
        "[[account]]\nname = \"voices\"\nprovider = \"minimax\"\n"
        "api_key_file = \"/nowhere/voices.key\"\nkinds = [\"tts\"]\n";
    const RehearsalReport report = rehearsed(videos(40), second, a_minute);
    CHECK(use_of(report, "main").jobs == 30);
    CHECK(use_of(report, "other").jobs == 10);
    CHECK(use_of(report, "voices").jobs == 0);
}

TEST_CASE("a day's budget stretches a batch over days") {
    // 0.28 each: three of them a day, of which the first has begun.
    const RehearsalReport report =
        rehearsed(videos(7), no_rpm + "budget = { day = 1.0 }\n", a_minute);
    CHECK(report.succeeded == 7);
    CHECK(report.spent.at(proto::Unit::usd) == 7 * 280'000);
    CHECK(length(report) > 24h);
    CHECK(length(report) < 48h);
    CHECK(report.bottleneck.gate == "budget");
    CHECK(report.bottleneck.account == "main");
}

TEST_CASE("what would never be bought is told with its reason") {
    SUBCASE("more than a batch's budget") {
        Rehearsed options;
        options.budget = 1'000'000;
        const RehearsalReport report = rehearsed(videos(7), no_rpm, a_minute, options);
        CHECK(report.succeeded == 3);
        CHECK(only_stop(report).reason == "budget");
        CHECK(only_stop(report).jobs == 4);
        CHECK_FALSE(only_stop(report).failed);
    }
    SUBCASE("an unknown price under a max_cost") {
        const std::string unknown =
            R"({"kind":"video","max_cost":1.0,"request":{"model":"Novel-1","prompt":"a kite"}})"
            "\n";
        const RehearsalReport report = rehearsed(unknown + videos(1), no_rpm, a_minute);
        CHECK(report.succeeded == 1);
        CHECK(only_stop(report).reason == "price_unknown");
        CHECK(only_stop(report).first == std::vector<InFile>{{1, ""}});
    }
    SUBCASE("no account that does it, and what comes after") {
        const std::string song = R"({"kind":"music","custom_id":"song","request":)"
                                 R"({"model":"music-2.6","prompt":"slow","lyrics":"la"}})"
                                 "\n";
        const RehearsalReport report =
            rehearsed(song + video("after", R"("after":["song"],)") + videos(1),
                      no_rpm + "kinds = [\"video\"]\n", a_minute);
        CHECK(report.succeeded == 1);
        REQUIRE(report.stopped.size() == 2);
        CHECK(report.stopped[0].reason == "account_missing");
        CHECK(report.stopped[1].reason == "dependency");
        CHECK(report.stopped[1].first == std::vector<InFile>{{2, "after"}});
    }
    SUBCASE("a deadline that comes too early") {
        const RehearsalReport report =
            rehearsed(videos(4, R"("deadline":"+90s",)"), no_rpm + "slots = 1\n", a_minute);
        CHECK(only_stop(report).failed);
        CHECK(only_stop(report).reason == "deadline");
        CHECK(only_stop(report).jobs == 2);
    }
}

TEST_CASE("an unknown price without a budget is bought, and said to be missing in the cost") {
    const std::string unknown =
        R"({"kind":"video","request":{"model":"Novel-1","prompt":"a kite"}})"
        "\n";
    const RehearsalReport report = rehearsed(unknown + videos(1), no_rpm, a_minute);
    CHECK(report.succeeded == 2);
    CHECK(report.unpriced == 1);
    CHECK(report.spent.at(proto::Unit::usd) == 280'000);
}

TEST_CASE("not_before is waited for, however far it is") {
    const RehearsalReport report =
        rehearsed(video("late", R"("not_before":"+30d",)"), no_rpm, a_minute);
    CHECK(report.succeeded == 1);
    CHECK(length(report) > 24h * 30);
    CHECK(report.bottleneck.gate == "time");
}

TEST_CASE("refused lines keep their numbers and reasons") {
    const RehearsalReport report = rehearsed(
        video("one") + "\nnonsense\n" + video("one") + video("two", R"("after":["three"],)"),
        no_rpm, a_minute);
    CHECK(report.succeeded == 1);
    REQUIRE(report.refused.size() == 3);
    CHECK(report.refused[0].line == 3);
    CHECK(report.refused[0].code == "bad_json");
    CHECK(report.refused[1].line == 4);
    CHECK(report.refused[1].custom_id == "one");
    CHECK(report.refused[2].line == 5);
    CHECK(report.refused[2].field == "after[0]");
}

TEST_CASE("a JSON array is read as well, and one that breaks off is no batch") {
    std::string one = video("one");
    CHECK(rehearsed("[\n" + one + "," + video("two") + "]", no_rpm, a_minute).succeeded == 2);
    CHECK_THROWS_WITH_AS(rehearsed("[\n" + one + ",", no_rpm, a_minute), doctest::Contains("line "),
                         daemon::NoBatch);
}

TEST_CASE("local files are found beside the batch, judged, and not read") {
    const TemporaryDirectory directory;
    std::ofstream(directory.path("kite.png")) << "\x89PNG\r\n\x1a\n and more";
    std::ofstream(directory.path("kite.mp3")) << "ID3 and more";
    const auto line = [](const std::string& file) {
        return R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"it flies",)"
               R"("first_frame_image":{"$file":")" +
               file + "\"}}}\n";
    };
    Rehearsed options;
    options.directory = directory.path("");
    const RehearsalReport report =
        rehearsed(line("kite.png") + line("kite.mp3") + line("none.png") + line("kite.png"), no_rpm,
                  a_minute, options);
    CHECK(report.succeeded == 2);
    REQUIRE(report.refused.size() == 2);
    CHECK(report.refused[0].line == 2);
    CHECK(report.refused[1].message.find("none.png is not there") != std::string::npos);
}

TEST_CASE("the same batch rehearses the same each time, with chance in its times") {
    const std::string lines = videos(50);
    const RehearsalReport one = rehearsed(lines, no_rpm + "slots = 3\n", {});
    const RehearsalReport two = rehearsed(lines, no_rpm + "slots = 3\n", {});
    CHECK(one.ends_at == two.ends_at);
    CHECK(one.times.at("minimax.video_v1").source == "assumed");
    Rehearsed other;
    other.seed = 2;
    CHECK(rehearsed(lines, no_rpm + "slots = 3\n", {}, other).ends_at != one.ends_at);
}

TEST_CASE("jobs of every kind come to their end") {
    const std::vector<std::string> requests{
        R"("chat","request":{"model":"MiniMax-M3","messages":[{"role":"user","content":"Hi"}]})",
        R"("lyrics","request":{"mode":"write_full_song","prompt":"a kite"})",
        R"("music","request":{"model":"music-2.6","prompt":"slow","lyrics":"la"})",
        R"("voice_design","request":{"prompt":"an old sailor","preview_text":"Ahoy."})",
        R"("video_template","request":{"template_id":"392753057216684038"})",
        R"("video","request":{"model":"MiniMax-H3","resolution":"768P","duration":6,)"
        R"("ratio":"16:9","content":[{"type":"text","text":"a kite"}]})",
        R"("image","request":{"model":"image-01","prompt":"a kite","n":3})",
    };
    std::string lines;
    for (const std::string& request : requests)
        lines += R"({"kind":)" + request + "}\n";
    const RehearsalReport report = rehearsed(lines, no_rpm, {});
    for (const auto& refused : report.refused)
        FAIL_CHECK(refused.line << ": " << refused.message);
    CHECK(report.succeeded == requests.size());
}

TEST_CASE("thousands of lines are rehearsed") {
    const RehearsalReport report = rehearsed(videos(3'000), no_rpm + "slots = 200\n", {});
    CHECK(report.succeeded == 3'000);
    CHECK(report.spent.at(proto::Unit::usd) == 3'000 * 280'000LL);
}

TEST_CASE("times are given by key, the longest that fits counts, and wrong ones are refused") {
    const auto times = daemon::given_times(
        {"minimax.video_v1=3m", "minimax.video_v1/MiniMax-Hailuo-02/768P=90s"}, registry_here());
    REQUIRE(times.has_value());
    const auto median = [&](const std::string& price_key) {
        proto::Checked checked;
        checked.price_key = price_key;
        const auto found = times->find({}, checked);
        return found ? found->median : proto::Duration(0);
    };
    CHECK(median("minimax.video_v1/MiniMax-Hailuo-02/768P/6") == 90s);
    CHECK(median("minimax.video_v1/MiniMax-Hailuo-02/1080P/6") == 3min);
    CHECK(median("minimax.music/music-2.6") == 0s);
    CHECK_FALSE(daemon::given_times({"minimax.video_v1"}, registry_here()).has_value());
    CHECK_FALSE(daemon::given_times({"minimax.video_v1=soon"}, registry_here()).has_value());
    CHECK_FALSE(daemon::given_times({"minimax.film=3m"}, registry_here()).has_value());
}

TEST_CASE("a time may be a spread, in its order") {
    const auto times = daemon::given_times({"minimax.video_v1=50s/1m/2m"}, registry_here());
    REQUIRE(times.has_value());
    proto::JobSpec video;
    video.op = "minimax.video_v1";
    CHECK(times->find(video, {}) == proto::Spread{50s, 60s, 120s});
    for (const std::string wrong : {"1m/2m", "2m/1m/3m", "1m/2m/3m/4m", "1m//2m", "/", ""})
        CHECK_FALSE(
            daemon::given_times({"minimax.video_v1=" + wrong}, registry_here()).has_value());
}

TEST_CASE("learned times go by the sort of task, and an op of a newer daemon is passed over") {
    const auto learned =
        daemon::learned_times({"minimax.h3_context_ir/MiniMax-H3=20s/30s/40s",
                               "minimax.hologram/M=1s/1s/1s", "minimax.music/a=b=1m/2m/3m"});
    REQUIRE(learned.has_value());
    CHECK(learned->source() == "learned");
    proto::Checked checked;
    checked.timed_as = "minimax.h3_context_ir/MiniMax-H3";
    CHECK(learned->find({}, checked)->median == 30s);
    checked.timed_as = "minimax.h3_context_ir/MiniMax-H4";
    CHECK_FALSE(learned->find({}, checked).has_value());
    checked.timed_as = "minimax.music/a=b";
    CHECK(learned->find({}, checked)->median == 2min);
    CHECK_FALSE(daemon::learned_times({"minimax.music=1m/"}).has_value());
}

TEST_CASE("every op of every provider has a time that is assumed of it") {
    const daemon::TimesTable times = daemon::assumed_times(registry_here());
    for (const proto::Provider* provider : registry_here().providers()) {
        for (const proto::Codec* codec : provider->codecs()) {
            proto::JobSpec spec;
            spec.op = codec->info().name;
            const auto found = times.find(spec, {});
            REQUIRE_MESSAGE(found.has_value(), spec.op);
            CHECK(found->quick <= found->median);
            CHECK(found->median <= found->slow);
            CHECK(found->slow <= codec->info().patience);
        }
    }
}
