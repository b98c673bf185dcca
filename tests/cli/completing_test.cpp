#include <doctest/doctest.h>

#include <algorithm>

#include "tests/cli/stub_daemon.hpp"

using namespace genspool::tests;

namespace {

StubReply live(const StubRequest& request) {
    if (request.target.starts_with("/v1/batches"))
        return {200, R"({"batches":[{"id":"01KBATCH","name":"reel.jsonl","states":{"held":1}}]})"};
    if (request.target.starts_with("/v1/accounts"))
        return {200, R"({"accounts":[{"name":"main","provider":"minimax","health":"ok"}]})"};
    return {200, R"({"jobs":[{"id":"01KAAA","state":"held","kind":"tts","custom_id":"a"},)"
                 R"({"id":"01KBBB","state":"held","kind":"video"}],"next":null})"};
}

/// The words that are offered, without what is said of them.
std::vector<std::string> offered(const StubDaemon& daemon, std::vector<std::string> words) {
    words.insert(words.begin(), "complete");
    const Ran ran = run_cli(daemon, std::move(words));
    CHECK(ran.exit == 0);
    CHECK(ran.err.empty());
    std::vector<std::string> found;
    std::size_t at = 0;
    for (std::size_t end = ran.out.find('\n'); end != std::string::npos;
         end = ran.out.find('\n', at)) {
        const std::string line = ran.out.substr(at, end - at);
        found.push_back(line.substr(0, line.find('\t')));
        at = end + 1;
    }
    return found;
}

using Words = std::vector<std::string>;

bool has(const Words& words, const std::string& word) {
    return std::ranges::find(words, word) != words.end();
}

}  // namespace

TEST_CASE("verbs, options and enumerated values are offered, from the tree as it is") {
    const StubDaemon daemon(live);
    CHECK(offered(daemon, {"re"}) == Words{"retry", "resolve", "remote", "resume", "rehearse"});
    CHECK(has(offered(daemon, {""}), "doctor"));
    CHECK_FALSE(has(offered(daemon, {""}), "complete"));
    CHECK(offered(daemon, {"get", "--f"}) == Words{"--force"});
    CHECK(has(offered(daemon, {"show", "--"}), "--json"));
    CHECK(has(offered(daemon, {"--"}), "--socket"));
    CHECK(offered(daemon, {"ls", "--state", "f"}) == Words{"fetching", "failed"});
    CHECK(offered(daemon, {"submit", "vid"}) == Words{"video", "video_template"});
    CHECK(offered(daemon, {"ls", "--kind", "chat"}) == Words{"chat", "chat_batch"});
    CHECK(offered(daemon, {"submit", "tts", "--on-unknown", ""}) == Words{"hold", "resubmit"});
    CHECK(offered(daemon, {"ledger", "--status", "u"}) == Words{"uncertain"});
    CHECK(offered(daemon, {"completion", ""}) == Words{"bash", "zsh", "fish"});
    CHECK(offered(daemon, {"remote", "rm-v"}) == Words{"rm-voice", "rm-video"});
    CHECK(daemon.requests().empty());
}

TEST_CASE("an assigned value is offered whole, or alone where the shell has split it") {
    const StubDaemon daemon(live);
    CHECK(offered(daemon, {"ls", "--state=he"}) == Words{"--state=held"});
    CHECK(offered(daemon, {"ls", "--state", "=", "he"}) == Words{"held"});
    CHECK(has(offered(daemon, {"ls", "--state", "="}), "held"));
    CHECK(offered(daemon, {"ls", "--state=held", "--k"}) == Words{"--kind"});
    CHECK(offered(daemon, {"ls", "--state", "=", "held", "--k"}) == Words{"--kind"});
}

TEST_CASE("ids, batches and accounts are the daemon's, of jobs with which the verb can work") {
    const StubDaemon daemon(live);
    CHECK(offered(daemon, {"resolve", ""}) == Words{"01KAAA", "01KBBB"});
    CHECK(offered(daemon, {"resolve", "01KAAA", "01KB"}) == Words{"01KBBB"});
    CHECK(offered(daemon, {"get", "01KA"}) == Words{"01KAAA"});
    CHECK(offered(daemon, {"wait", ""}) == Words{"01KAAA", "01KBBB", "01KBATCH"});
    CHECK(offered(daemon, {"ls", "--batch", ""}) == Words{"01KBATCH"});
    CHECK(offered(daemon, {"batches", ""}) == Words{"01KBATCH"});
    CHECK(offered(daemon, {"pause", ""}) == Words{"main"});
    CHECK(offered(daemon, {"submit", "tts", "--account", "m"}) == Words{"main"});
    CHECK(offered(daemon, {"submit", "tts", "--after", "01KA"}) == Words{"01KAAA"});
    const auto lines = daemon.lines();
    CHECK(lines.at(0) == "GET /v1/jobs?state=held&limit=100");
    CHECK(lines.at(2) == "GET /v1/jobs?state=succeeded&limit=100");
}

TEST_CASE("candidates are told apart by a few words") {
    const StubDaemon daemon(live);
    CHECK(run_cli(daemon, {"complete", "resolve", "01KA"}).out == "01KAAA\theld tts a\n");
    CHECK(run_cli(daemon, {"complete", "pause", ""}).out == "main\tminimax, ok\n");
}

TEST_CASE("files are left to the shell") {
    const StubDaemon daemon(live);
    CHECK(offered(daemon, {"batch", ""}) == Words{":files"});
    CHECK(offered(daemon, {"get", "01KAAA", "-o", ""}) == Words{":files"});
    CHECK(offered(daemon, {"submit", "tts", "--request", "b"}) == Words{":files"});
}

TEST_CASE("without a daemon there are no live words, and no word of complaint") {
    const Ran ran = run_cli("/nowhere/genspool.sock", {"complete", "get", ""});
    CHECK(ran.exit == 0);
    CHECK(ran.out.empty());
    CHECK(ran.err.empty());
    CHECK(run_cli("/nowhere/genspool.sock", {"complete", "ge"}).out.starts_with("get\t"));
}

TEST_CASE("only the shells that there are have a script") {
    for (const char* const shell : {"bash", "zsh", "fish"}) {
        const Ran ran = run_cli("/nowhere", {"completion", shell});
        CHECK(ran.exit == 0);
        CHECK(ran.out.find("complete") != std::string::npos);
    }
    CHECK(run_cli("/nowhere", {"completion", "tcsh"}).exit == 2);
}
