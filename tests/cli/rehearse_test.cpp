// What a daemon has learned comes into a rehearsal, which genspoold makes.
#include <doctest/doctest.h>

#include <fstream>

#include "tests/cli/stub_daemon.hpp"

using namespace genspool::tests;

namespace {

/// A batch of one video, and a configuration with an account for it.
struct Desk {
    Desk() {
        std::ofstream(directory.path("genspool.toml"))
            << "[defaults]\nprovider = \"minimax\"\n[[account]]\nname = \"main\"\n"
               "provider = \"minimax\"\napi_key_env = \"NO_SUCH_KEY\"\n";
        std::ofstream(directory.path("batch.jsonl"))
            << R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"a kite",)"
               R"("duration":6,"resolution":"768P"}})"
            << '\n';
    }
    std::vector<std::string> command(std::vector<std::string> more = {}) const {
        std::vector<std::string> words{"rehearse", directory.path("batch.jsonl"), "--config",
                                       directory.path("genspool.toml")};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    TemporaryDirectory directory;
};

StubDaemon::Handler answering(const StubReply& reply) {
    return [reply](const StubRequest&) { return reply; };
}

bool has(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

const StubReply times{200, R"({"times":[)"
                           R"({"key":"minimax.image/image-01","tasks":3,"quick":null,)"
                           R"("median":null,"slow":null,"learned_at":"2026-12-01T08:00:00.000Z"},)"
                           R"({"key":"minimax.image/\u0000","tasks":40,"quick":"1s",)"
                           R"("median":"1s","slow":"1s","learned_at":"2026-12-01T08:00:00.000Z"},)"
                           R"({"key":"minimax.video_v1/MiniMax-Hailuo-02/768P/6","tasks":40,)"
                           R"("quick":"40s","median":"50s","slow":"1m10s",)"
                           R"("learned_at":"2026-12-01T08:00:00.000Z"}]})"};

}  // namespace

TEST_CASE("a rehearsal goes by what the daemon has learned, unless it is told otherwise") {
    const Desk desk;
    const StubDaemon daemon(answering(times));
    const Ran ran = run_cli(daemon, desk.command());
    CHECK(ran.exit == 0);
    CHECK(has(ran.out, "assumes     minimax.video_v1 50s (learned)\n"));
    CHECK_FALSE(has(ran.out, "learned  "));
    CHECK(daemon.lines() == std::vector<std::string>{"GET /v1/times"});

    const Ran told = run_cli(daemon, desk.command({"--times", "minimax.video_v1=1m/2m/3m"}));
    CHECK(has(told.out, "minimax.video_v1 2m (given)\n"));
}

TEST_CASE("without a daemon that can tell, a rehearsal goes on, and says so in one line") {
    const Desk desk;
    const auto check = [&](const Ran& ran, const std::string& why) {
        CHECK(ran.exit == 0);
        CHECK(has(ran.out, "minimax.video_v1 3m (assumed)\n"));
        CHECK(has(ran.out, "\nlearned     nothing: "));
        CHECK(has(ran.out, why));
        CHECK(ran.err.empty());
    };
    check(run_cli(desk.directory.path("nobody.sock"), desk.command()), "nobody.sock");
    // One that does not know the route, or will not tell.
    const StubDaemon old(answering({404, R"({"code":"not_found","detail":"no such thing"})"}));
    check(run_cli(old, desk.command()), "no such thing");
    const StubDaemon odd(answering({200, "<html>"}));
    check(run_cli(odd, desk.command()), "");

    const Ran json = run_cli(desk.directory.path("nobody.sock"), desk.command({"--json"}));
    CHECK(json.exit == 0);
    CHECK(has(json.out, R"("source":"assumed")"));
    CHECK(has(json.err, "genspool: nothing that a daemon has learned is in it: "));
}
