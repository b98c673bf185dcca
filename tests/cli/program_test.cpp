#include "cli/program.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include "cli/commands/commands.hpp"
#include "tests/cli/stub_daemon.hpp"

using namespace genspool::tests;

namespace {

StubDaemon::Handler answering(std::string body) {
    return [body = std::move(body)](const StubRequest&) { return StubReply{200, body}; };
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string event(int seq, const std::string& to) {
    return "id: " + std::to_string(seq) + "\ndata: {\"seq\":" + std::to_string(seq) +
           R"(,"job_id":"J","at":"2026-12-01T08:00:00.000Z","event":"e","from":"queued","to":")" +
           to + "\"}\n\n";
}

}  // namespace

TEST_CASE("every verb explains itself with an example") {
    const std::string help = run_cli("/nowhere", {"--help"}).out;
    CHECK(contains(help, "Exit codes:"));
    for (const std::string verb :
         {"submit", "run",    "batch",   "ls",    "show",    "explain",  "wait",   "events",
          "cancel", "retry",  "resolve", "get",   "batches", "accounts", "pause",  "resume",
          "stats",  "ledger", "verify",  "token", "remote",  "top",      "doctor", "completion"}) {
        CAPTURE(verb);
        CHECK(contains(help, "\n  " + verb + " "));
        const Ran ran = run_cli("/nowhere", {verb, "--help"});
        CHECK(ran.exit == 0);
        CHECK(contains(ran.out, "Example:\n"));
        CHECK(contains(ran.out, "genspool " + verb));
        CHECK(contains(ran.out, "--json"));
    }
}

TEST_CASE("the version is told without a daemon") {
    const Ran ran = run_cli("/nowhere", {"--version"});
    CHECK(ran.exit == 0);
    CHECK(ran.out.starts_with("genspool "));
}

TEST_CASE("what cannot be parsed is a matter of usage, and help is named") {
    CHECK(contains(run_cli("/nowhere", {"lss"}).err, "there is no verb \"lss\""));
    CHECK(contains(run_cli("/nowhere", {"batch"}).err, "genspool batch --help"));
    CHECK(contains(run_cli("/nowhere", {"show"}).err, "say which jobs"));
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{},
                                               {"lss"},
                                               {"show"},
                                               {"ls", "--nope"},
                                               {"submit", "video", "--priority", "10"},
                                               {"ls", "-n", "0"}}) {
        CHECK(run_cli("/nowhere", arguments).exit == 2);
    }
}

TEST_CASE("an argument that an unset variable left empty is a mistake") {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"backup", ""}, {"verify", ""}, {"rehearse", ""}, {"ledger", "--dir", ""}}) {
        CAPTURE(words.front());
        const Ran ran = run_cli("/nowhere/s", words);
        CHECK(ran.exit == 2);
        CHECK(ran.err.find("must not be empty") != std::string::npos);
    }
}

TEST_CASE("a daemon that is not there is told at once") {
    const Ran ran = run_cli("/nowhere/genspool.sock", {"ls"});
    CHECK(ran.exit == 5);
    CHECK(contains(ran.err, "/nowhere/genspool.sock"));
    CHECK(contains(ran.err, "start it"));
    CHECK(run_cli(std::string(200, 'x'), {"ls"}).exit == 5);
}

TEST_CASE("--socket counts before and after the verb") {
    const StubDaemon daemon(answering(R"({"jobs":[],"next":null})"));
    CHECK(run_cli("/nowhere", {"--socket", daemon.socket(), "ls"}).exit == 0);
    CHECK(run_cli("/nowhere", {"ls", "--socket", daemon.socket()}).exit == 0);
}

TEST_CASE("what answers without JSON is not the daemon") {
    const StubDaemon daemon(answering("<html>"));
    CHECK(run_cli(daemon, {"stats"}).exit == 5);
}

TEST_CASE("accounts show their slots and what is wrong with them") {
    const StubDaemon daemon(answering(
        R"({"accounts":[{"name":"main","provider":"minimax","health":"limited",)"
        R"("slots":[{"class":"video","taken":1,"limit":3},{"class":"tts","taken":0,"limit":9}],)"
        R"("quarantines":[{"scope":"model","what":"M","reason":"no plan","until":null}],)"
        R"("today":{"spent":1.5,"unit":"USD"}}]})"));
    CHECK(run_cli(daemon, {"accounts"}).out ==
          "NAME  PROVIDER  HEALTH   SPENT TODAY  SLOTS               WHY\n"
          "main  minimax   limited      1.5 USD  video 1/3, tts 0/9  "
          "model M: no plan, until resumed\n");
}

TEST_CASE("batches are listed, shown, and their results passed through") {
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.target.ends_with("/results")) return StubReply{200, "{\"id\":1}\n{\"id\":2}\n"};
        const std::string batch =
            R"({"id":"01KAMXAAAAAAAAAAAAAAAAAAAA","source":"http","accepted":3,"refused":0,)"
            R"("states":{"succeeded":2,"queued":1},"cost":{"spent":0.5,"unit":"USD"}})";
        if (request.target == "/v1/batches/B") return StubReply{200, batch};
        return StubReply{200, "{\"batches\":[" + batch + "],\"next\":null}"};
    });
    CHECK(run_cli(daemon, {"batches"}).out ==
          "ID               JOBS  REFUSED    SPENT  STATES\n"
          "01KAMXAAAAAAAAA     3        0  0.5 USD  2 succeeded, 1 queued\n");
    CHECK(contains(run_cli(daemon, {"batches", "B"}).out, "2 succeeded, 1 queued\n"));
    CHECK(run_cli(daemon, {"batches", "B", "--results"}).out == "{\"id\":1}\n{\"id\":2}\n");
    CHECK(run_cli(daemon, {"batches", "--results"}).exit == 2);
}

TEST_CASE("a batch's budget is set, and taken away") {
    std::vector<std::string> asked;
    const StubDaemon daemon([&asked](const StubRequest& request) {
        asked.push_back(request.method + " " + request.target + " " + request.body);
        return StubReply{200, R"({"id":"01KAMXAAAAAAAAAAAAAAAAAAAA","states":{"queued":1},)"
                              R"("cost":{"spent":0.5,"budget":7.5,"unit":"USD"}})"};
    });
    CHECK(contains(run_cli(daemon, {"batches", "B", "--budget", "7.50"}).out, "7.5 USD\n"));
    CHECK(run_cli(daemon, {"batches", "B", "--budget", "none"}).exit == 0);
    CHECK(asked == std::vector<std::string>{R"(PATCH /v1/batches/B {"budget":"7.50"})",
                                            R"(PATCH /v1/batches/B {"budget":null})"});
    CHECK(run_cli(daemon, {"batches", "B", "--budget", "much"}).exit == 2);
    CHECK(run_cli(daemon, {"batches", "--budget", "5"}).exit == 2);
    CHECK(asked.size() == 2);
}

TEST_CASE("accounts say which slots are kept by held jobs, and how to free them") {
    const StubDaemon daemon(
        answering(R"({"accounts":[{"name":"main","provider":"minimax","health":"ok",)"
                  R"("slots":[{"class":"music","taken":1,"held":0,"held_until":null,"limit":3},)"
                  R"({"class":"video","taken":3,"held":2,"held_until":"2026-12-01T08:00:00Z",)"
                  R"("limit":3}]}]})"));
    const Ran ran = run_cli(daemon, {"accounts"});
    CHECK(contains(ran.out, "music 1/3, video 3/3 (2 held)"));
    CHECK(contains(ran.err, "genspool resolve ID"));
}

TEST_CASE("pause and resume name the queue or an account") {
    const StubDaemon daemon(answering(R"({"paused":true})"));
    CHECK(run_cli(daemon, {"pause"}).exit == 0);
    CHECK(run_cli(daemon, {"pause", "main", "--reason", "new plan"}).exit == 0);
    CHECK(run_cli(daemon, {"resume", "main"}).exit == 0);
    CHECK(daemon.lines() == std::vector<std::string>{"POST /v1/queue/pause",
                                                     "POST /v1/accounts/main/pause",
                                                     "POST /v1/accounts/main/resume"});
    CHECK(daemon.requests()[1].body == R"({"reason":"new plan"})");
}

TEST_CASE("stats are put for people") {
    const StubDaemon stats(
        answering(R"({"version":"1","jobs":4,"open":3,"states":{"queued":3,"failed":0},)"
                  R"("paused":true,"paused_reason":"night","disk":"open"})"));
    const std::string text = run_cli(stats, {"stats"}).out;
    CHECK(contains(text, "4, 3 open"));
    CHECK(contains(text, "  queued"));
    CHECK_FALSE(contains(text, "failed"));
    CHECK(contains(text, "night"));
}

TEST_CASE("the last events are read from the stream up to the newest") {
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.target == "/v1/stats")
            return StubReply{200, R"({"first_event":1,"last_event":30})"};
        return StubReply{200, event(29, "running") + event(30, "failed") + event(31, "queued"),
                         "text/event-stream"};
    });
    const Ran ran = run_cli(daemon, {"events", "--last", "2"});
    CHECK(ran.exit == 0);
    CHECK(ran.out ==
          "2026-12-01T08:00:00.000Z  J  queued → running  e\n"
          "2026-12-01T08:00:00.000Z  J  queued → failed  e\n");
    CHECK(daemon.requests()[1].headers.at("last-event-id") == "28");
}

TEST_CASE("a stream that breaks off goes on after the last event seen") {
    std::atomic<int> streams = 0;
    const StubDaemon daemon([&streams](const StubRequest& request) {
        if (request.target == "/v1/stats")
            return StubReply{200, R"({"first_event":1,"last_event":3})"};
        StubReply reply{200, event(2, "running") + event(3, "failed"), "text/event-stream"};
        if (++streams == 1) reply.cut = event(2, "running").size() + 9;
        if (streams == 2) reply.body = event(3, "failed");
        return reply;
    });
    const Ran ran = run_cli(daemon, {"events", "--json", "--after", "1"});
    CHECK(ran.exit == 0);
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 3);
    CHECK(requests[1].headers.at("last-event-id") == "1");
    CHECK(requests[2].headers.at("last-event-id") == "2");
    CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') == 2);
}

TEST_CASE("a batch that became visible is an event of its own") {
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.target == "/v1/stats")
            return StubReply{200, R"({"first_event":1,"last_event":1})"};
        return StubReply{200,
                         "id: 1\ndata: "
                         R"({"seq":1,"job_id":null,"batch":"B","at":"t",)"
                         R"("event":"batch_sealed","from":null,"to":null,)"
                         R"("detail":"3 jobs, 0 lines refused"})"
                         "\n\n",
                         "text/event-stream"};
    });
    CHECK(run_cli(daemon, {"events"}).out == "t  batch B  sealed  3 jobs, 0 lines refused\n");
}

TEST_CASE("events that are no longer kept are told") {
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.target == "/v1/stats")
            return StubReply{200, R"({"first_event":50,"last_event":90})"};
        return StubReply{410, R"({"title":"The events are no longer kept","code":"events_gone",)"
                              R"("detail":"The oldest event that is kept is 50."})"};
    });
    const Ran ran = run_cli(daemon, {"events", "-f", "--after", "3"});
    CHECK(ran.exit == 2);
    CHECK(contains(ran.err, "50"));
}

TEST_CASE("the history of a job is listed page by page") {
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.target == "/v1/stats")
            return StubReply{200, R"({"first_event":1,"last_event":3})"};
        const bool first = request.target.find("cursor") == std::string::npos;
        return StubReply{200, std::string(R"({"events":[{"seq":1,"job_id":"J","at":"t",)") +
                                  R"("event":"admitted","from":null,"to":"queued"}],"next":)" +
                                  (first ? R"("1"})" : "null}")};
    });
    CHECK(run_cli(daemon, {"events", "J"}).out ==
          "t  J  queued  admitted\nt  J  queued  admitted\n");
}
