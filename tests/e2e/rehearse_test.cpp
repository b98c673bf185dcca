// What a person is told of a batch before it is bought.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/run_program.hpp"

using namespace genspool::tests;

namespace {

bool has(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

/// An image, a video that begins with it, and a voice-over after that.
const std::string chain =
    R"({"kind":"image","custom_id":"still","request":{"model":"image-01","prompt":"a kite"}})"
    "\n"
    R"({"kind":"video","custom_id":"clip","request":{"model":"MiniMax-Hailuo-02","prompt":)"
    R"("it flies","duration":6,"resolution":"768P","first_frame_image":{"$artifact":"still/0"}}})"
    "\n"
    R"({"custom_id":"voice","after":["clip"],"method":"POST","url":"/v1/t2a_v2","body":)"
    R"({"model":"speech-2.8-hd","text":"The kite.","voice_setting":{"voice_id":"x"}}})"
    "\n";

struct Theatre : Workplace {
    std::string write(const std::string& text) const {
        const std::string path = directory.path("batch.jsonl");
        std::ofstream(path) << text;
        return path;
    }
    /// With a socket where no daemon is.
    ProgramRun rehearse(std::vector<std::string> more) const {
        std::vector<std::string> command{"genspool", "rehearse", "--config", daemon.config()};
        command.insert(command.end(), more.begin(), more.end());
        return run_program(std::move(command), {"GENSPOOL_SOCKET=" + directory.path("nobody")});
    }
};

}  // namespace

TEST_CASE("a chain is foretold without a daemon, a key or a purchase; its cost is then paid") {
    Theatre place;
    const std::string batch = place.write(chain);
    const ProgramRun run = place.rehearse({batch, "--times", "minimax.image=10s", "--times",
                                           "minimax.video_v1=1m", "--times", "minimax.t2a_v2=4s"});
    CHECK(run.code == 0);
    CHECK(has(run.out, "costs       0.2844 USD\n"));
    CHECK(has(run.out, "ends        after 1m1"));
    CHECK(has(run.out, "line 1 (still) → line 2 (clip) → line 3 (voice)"));
    CHECK(has(run.out, "minimax.video_v1 1m (given)"));
    CHECK(place.simulator.purchases().empty());
    CHECK_FALSE(std::filesystem::exists(place.daemon.state("")));

    const ProgramRun json = place.rehearse({batch, "--json"});
    const auto report = boost::json::parse(json.out);
    CHECK(report.at("succeeded").as_int64() == 3);
    place.daemon.start();
    REQUIRE(run_client(place.daemon, {"batch", batch, "--wait"}).code == 0);
    const auto spent =
        boost::json::parse(run_client(place.daemon, {"ledger", "--totals", "--json"}).out);
    CHECK(spent.at("totals").at(0).at("spent") == report.at("cost").at(0).at("spent"));
}

TEST_CASE("a rehearsal beside a working daemon leaves it alone") {
    Theatre place;
    place.daemon.start();
    CHECK(place.rehearse({place.write(chain)}).code == 0);
    CHECK(place.daemon.count("succeeded") == 0);
    CHECK(place.daemon.is_quiet());
}

TEST_CASE("what the daemon has learned of its tasks, the next rehearsal goes by") {
    Theatre place;
    place.daemon.start();
    const std::string clip =
        R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"a kite",)"
        R"("duration":6,"resolution":"768P"}})"
        "\n";
    const std::string batch = place.write(clip);
    CHECK(has(place.rehearse({batch}).out, "\nlearned     nothing: "));
    const auto beside = [&](std::vector<std::string> more) {
        std::vector<std::string> words{"rehearse", "--config", place.daemon.config(), batch};
        words.insert(words.end(), more.begin(), more.end());
        return run_client(place.daemon, std::move(words));
    };
    CHECK(has(beside({}).out, "minimax.video_v1 3m (assumed)"));

    std::string clips;
    for (int n = 0; n < 12; ++n)
        clips += clip;
    const std::string work = place.directory.path("work.jsonl");
    std::ofstream(work) << clips;
    REQUIRE(run_client(place.daemon, {"batch", work, "--wait"}).code == 0);
    const ProgramRun learned = beside({"--json"});
    CHECK(learned.err.empty());
    const auto times = boost::json::parse(learned.out).at("times").at(0);
    CHECK(times.at("source") == "learned");
    CHECK(has(beside({}).out, "(learned)\n"));
}

TEST_CASE("what would not succeed is told, and the exit code says so") {
    Theatre place;
    const std::string waits =
        R"({"kind":"video","max_cost":1.0,"request":{"model":"Novel-1","prompt":"a kite"}})"
        "\n";
    const ProgramRun held = place.rehearse({place.write(waits)});
    CHECK(held.code == 6);
    CHECK(has(held.out, "1 job would wait for ever (price_unknown): "));
    CHECK(has(held.out, "; line 1\n"));

    const ProgramRun refused = place.rehearse({place.write(chain + "nonsense\n")});
    CHECK(refused.code == 1);
    CHECK(has(refused.out, "jobs        3, and 1 refused\n"));
    CHECK(has(refused.out, "line 4: not JSON at byte"));

    const ProgramRun broken = place.rehearse({place.write("[\n{\"kind\":\"image\"},\n")});
    CHECK(broken.code == 2);
    CHECK(has(broken.err, "batch.jsonl: line 3: "));

    CHECK(place.rehearse({place.write("\n")}).code == 2);
    CHECK(place.rehearse({place.directory.path("nowhere.jsonl")}).code == 3);
    CHECK(place.rehearse({place.write(chain), "--times", "minimax.film=3m"}).code == 2);
    CHECK(place.rehearse({place.write(chain), "--config", place.directory.path("no")}).code == 2);
    CHECK(run_program({"genspool", "rehearse"}).code == 2);
}
