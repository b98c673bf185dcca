// Jobs by what they have in common, for every verb; and what is asked before money moves.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/cli/stub_daemon.hpp"

using namespace genspool::tests;

namespace {

constexpr const char* two_jobs =
    R"({"jobs":[{"id":"a","state":"failed","cost":{"estimated":0.49,"unit":"USD"}},)"
    R"({"id":"b","state":"failed","cost":{"estimated":0.5,"unit":"USD"}}],"next":null})";

/// Lists two jobs, and of each tells what is asked.
StubReply list_or_tell(const StubRequest& request) {
    if (request.target.starts_with("/v1/jobs?")) return {200, two_jobs};
    if (request.target.starts_with("/v1/jobs:")) return {200, R"({"done":2,"next":null})"};
    if (request.target.find("/artifacts/") != std::string::npos) return {200, "bytes"};
    if (request.target.find("/events") != std::string::npos)
        return {200, R"({"events":[{"seq":1,"job_id":"J","event":"e","to":"failed"}]})"};
    const std::string id = request.target.substr(std::string("/v1/jobs/").size(), 1);
    return {200, R"({"id":")" + id + R"(","state":"succeeded","artifacts":[{"n":0,"name":")" + id +
                     R"(.mp4","state":"home"}]})"};
}

bool contains(const std::string& text, const std::string& part) {
    INFO(text);
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every verb that prints jobs or acts on them takes a selection") {
    const TemporaryDirectory directory;
    const std::string into = directory.path("reel/");
    std::filesystem::create_directory(into);
    for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
             {"show"}, {"explain"}, {"wait"}, {"events"}, {"get", "-o", into}}) {
        const StubDaemon daemon(list_or_tell);
        std::vector<std::string> all = arguments;
        all.insert(all.end(), {"--label", "film=reel"});
        CAPTURE(arguments.front());
        CHECK(run_cli(daemon, all).exit == 0);
        const auto lines = daemon.lines();
        CHECK(lines.at(0) == "GET /v1/jobs?label=film%3Dreel&limit=1000");
        CHECK(lines.at(1).starts_with("GET /v1/jobs/a"));
        CHECK(lines.back().find("/v1/jobs/b") != std::string::npos);
    }
    CHECK(std::filesystem::exists(into + "a.mp4"));
    CHECK(std::filesystem::exists(into + "b.mp4"));
}

TEST_CASE("a selection of nothing is not found, and one beside ids is a mistake") {
    const StubDaemon daemon(
        [](const StubRequest&) { return StubReply{200, R"({"jobs":[],"next":null})"}; });
    CHECK(run_cli(daemon, {"show", "--state", "held"}).exit == 3);
    CHECK(run_cli(daemon, {"retry", "--state", "held", "--yes"}).exit == 0);
    CHECK(run_cli(daemon, {"wait", "a", "--state", "held"}).exit == 2);
    CHECK(run_cli(daemon, {"events", "a", "--state", "held"}).exit == 2);
    CHECK(run_cli(daemon, {"events", "-f", "--state", "held"}).exit == 2);
}

TEST_CASE("a batch alone is waited for as a whole") {
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.target == "/v1/jobs/01KB") return StubReply{404, R"({"code":"not_found"})"};
        return StubReply{200, R"({"id":"01KB","states":{"succeeded":2}})"};
    });
    CHECK(run_cli(daemon, {"wait", "--batch", "01KB"}).out == "01KB  2 succeeded\n");
}

TEST_CASE("what this run has downloaded is not replaced by another job's file of that name") {
    const TemporaryDirectory directory;
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.target.find("/artifacts/") != std::string::npos)
            return StubReply{200, request.target};
        return StubReply{200, R"({"id":")" + request.target.substr(9) +
                                  R"(","state":"succeeded","artifacts":[{"n":0,)"
                                  R"("name":"same.mp4","state":"home"}]})"};
    });
    const Ran ran = run_cli(daemon, {"get", "a", "b", "-o", directory.path(), "--force"});
    CHECK(ran.exit == 2);
    CHECK(contains(ran.err, "genspool: b: another of these jobs has an artifact named"));
    CHECK(contains(ran.out, "same.mp4\n"));
}

TEST_CASE("several jobs go into a directory only") {
    const StubDaemon daemon(list_or_tell);
    CHECK(run_cli(daemon, {"get", "a", "b", "-o", "-"}).exit == 2);
    CHECK(run_cli(daemon, {"get", "a", "b", "-o", "/nowhere/x.mp4"}).exit == 2);
}

TEST_CASE("jobs that were not named are retried only when somebody says so") {
    const StubDaemon daemon(list_or_tell);
    const Ran refused = run_cli(daemon, {"retry", "--state", "failed"});
    CHECK(refused.exit == 2);
    CHECK(refused.err ==
          "genspool: this would retry 2 jobs, which buys again what cannot be "
          "fetched, for about 0.99 USD: add --yes if that is meant\n");

    RunOptions options;
    options.terminal = options.asks = true;
    options.input = "n\n";
    CHECK(run_cli(daemon, {"retry", "--state", "failed"}, options).exit == 1);
    for (const std::string& line : daemon.lines())
        CHECK(line.starts_with("GET "));

    options.input = "y\n";
    const Ran done = run_cli(daemon, {"retry", "--state", "failed"}, options);
    CHECK(done.exit == 0);
    CHECK(contains(done.err, "for about 0.99 USD? [y/N] "));
    CHECK(daemon.lines().back() == "POST /v1/jobs:retry?state=failed");
    CHECK(run_cli(daemon, {"retry", "--state", "failed", "--yes"}).exit == 0);
}

TEST_CASE("held jobs that were not named are resolved only when somebody says so") {
    const StubDaemon daemon(list_or_tell);
    CHECK(contains(run_cli(daemon, {"resolve", "--kind", "tts", "--absent"}).err,
                   "this would resolve 2 held jobs, which buys them anew: add --yes"));
    CHECK(run_cli(daemon, {"resolve", "--kind", "tts", "--absent", "--yes"}).exit == 0);
}

TEST_CASE("after a restore buying goes on only when somebody says so") {
    const StubDaemon daemon(list_or_tell);
    const Ran asked = run_cli(daemon, {"resume"});
    CHECK(asked.exit == 2);
    CHECK(contains(asked.err,
                   "this would buy 2 jobs that may have been bought already (genspool ls "
                   "--doubtful), for about "));
    CHECK(contains(daemon.lines().back(), "doubtful=true"));
    CHECK(run_cli(daemon, {"resume", "--yes"}).exit == 0);
    CHECK(daemon.lines().back() == "POST /v1/queue/resume");
}

TEST_CASE("several accounts are paused and resumed at once, and one that fails stops no other") {
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.target.find("/b/") != std::string::npos)
            return StubReply{404, R"({"code":"not_found","detail":"There is no account b."})"};
        return StubReply{200, "{}"};
    });
    const Ran ran = run_cli(daemon, {"resume", "a", "b", "c"});
    CHECK(ran.exit == 3);
    CHECK(ran.out == "account a goes on\naccount c goes on\n");
    CHECK(contains(ran.err, "genspool: b: There is no account b"));
}

TEST_CASE("who may not pause is told of admins, and of no owner") {
    const StubDaemon daemon([](const StubRequest&) {
        return StubReply{403, R"({"title":"You may not do that","code":"not_owner",)"
                              R"("detail":"Only an admin may pause and resume."})"};
    });
    const Ran ran = run_cli(daemon, {"pause"});
    CHECK(ran.exit == 4);
    CHECK(ran.err == "genspool: You may not do that: Only an admin may pause and resume\n");
}
