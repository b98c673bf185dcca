#include <doctest/doctest.h>

#include "tests/cli/stub_daemon.hpp"

using namespace genspool::tests;

namespace {

StubDaemon::Handler answering(std::string body) {
    return [body = std::move(body)](const StubRequest&) { return StubReply{200, body}; };
}

StubReply not_found() {
    return {404, R"({"title":"There is no such thing","code":"not_found","detail":"No job x."})"};
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const std::string job_page =
    R"({"jobs":[{"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":"failed","kind":"video","model":"M",)"
    R"("attempt":1,"failure":{"class":"rejected","code":"1026","message":"Unsafe."}},)"
    R"({"id":"01KAMZ3TBAAAAAAAAAAAAAAAAA","state":"queued","kind":"tts","op":"minimax.t2a_v2",)"
    R"("attempt":0,"custom_id":"shot-2","gates":[{"gate":"slot","detail":"all taken"}]}],)";

}  // namespace

TEST_CASE("ls prints an aligned table with short ids") {
    const StubDaemon daemon(answering(job_page + R"("next":null})"));
    const Ran ran = run_cli(daemon, {"ls"});
    CHECK(ran.exit == 0);
    CHECK(
        ran.out ==
        "ID               STATE   KIND   MODEL           TRY  CUSTOM ID  REMARK\n"
        "01KAMZ3TAAAAAAA  failed  video  M                 1             Unsafe. (rejected 1026)\n"
        "01KAMZ3TBAAAAAA  queued  tts    minimax.t2a_v2    0  shot-2     all taken\n");
}

TEST_CASE("show tells how far a job has come") {
    const auto shown = [](const std::string& members) {
        const StubDaemon daemon(
            answering(R"({"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":"running",)" + members + "}"));
        return run_cli(daemon, {"show", "01KAMZ3T"}).out;
    };
    CHECK(contains(shown(R"("progress":0.414,"eta":null)"), "progress  41 %\n"));
    CHECK(contains(shown(R"("progress":0.99,"eta":"2999-01-01T00:00:00.000Z")"),
                   "progress  99 %, to be done in "));
    CHECK(contains(shown(R"("progress":0,"eta":"1999-01-01T00:00:00.000Z")"),
                   "progress  0 %, to be done now"));
    CHECK_FALSE(contains(shown(R"("progress":null,"eta":null)"), "progress"));
}

TEST_CASE("ls hands its filters on") {
    const StubDaemon daemon(answering(R"({"jobs":[],"next":null})"));
    CHECK(run_cli(daemon,
                  {"ls", "--state", "failed", "--kind", "tts", "--label", "a=1", "--label", "b=2",
                   "--batch", "01K", "--account", "main", "--op", "o", "--doubtful", "-n", "7"})
              .exit == 0);
    CHECK(daemon.lines() ==
          std::vector<std::string>{"GET /v1/jobs?state=failed&kind=tts&op=o&batch=01K&account=main&"
                                   "doubtful=true&label=a%3D1&label=b%3D2&limit=7"});
}

TEST_CASE("ls reads on while pages are short, and with --all to the end") {
    const auto pages = [](const StubRequest& request) {
        const bool first = request.target.find("cursor") == std::string::npos;
        return StubReply{200, first ? R"({"jobs":[],"next":"9"})" : job_page + R"("next":null})"};
    };
    const StubDaemon daemon(pages);
    CHECK(contains(run_cli(daemon, {"ls"}).out, "shot-2"));
    CHECK(daemon.lines() ==
          std::vector<std::string>{"GET /v1/jobs?limit=50", "GET /v1/jobs?limit=50&cursor=9"});
    CHECK(run_cli(daemon, {"ls", "--all", "--json"}).out ==
          "{\"jobs\":[],\"next\":\"9\"}\n" + job_page + "\"next\":null}\n");
}

TEST_CASE("show tells everything that there is to tell") {
    const StubDaemon daemon(answering(
        R"({"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":"succeeded","partial":true,"kind":"image",)"
        R"("labels":{"film":"reel-3"},"attempt":1,"max_attempts":3,)"
        R"("after":["01KAMZ3BBBBBBBBBBBBBBBBBBB"],)"
        R"("inputs":[{"job":"01KAMZ3BBBBBBBBBBBBBBBBBBB","n":1,"name":"b.png","sha256":"0a"}],)"
        R"("tasks":[{"id":"77","account":"main","state":"done"}],)"
        R"("artifacts":[{"n":0,"name":"a.png","path":"/v/a.png","bytes":2048,"state":"home"},)"
        R"({"n":1,"name":null,"bytes":null,"state":"lost","failure":{"message":"Gone."}}],)"
        R"("cost":{"estimated":0.01,"spent":0.02,"uncertain":0,"reserved":0,"unit":"USD"},)"
        R"("request":{"prompt":"x"}})"));
    const Ran ran = run_cli(daemon, {"show", "01KAMZ3T"});
    CHECK(ran.exit == 0);
    for (const char* const line :
         {"state       succeeded, partial\n", "labels      film=reel-3\n", "attempt     1 of 3\n",
          "task        77 at main, done\n", "artifact 0  /v/a.png  2.0 kB\n",
          "after       01KAMZ3BBBBBBBBBBBBBBBBBBB\n",
          "takes       artifact 1 of 01KAMZ3BBBBBBBBBBBBBBBBBBB, b.png\n",
          "artifact 1  lost: Gone.\n",
          "cost        0.02 USD spent, 0.01 USD estimated an attempt\n",
          "request     {\"prompt\":\"x\"}\n"}) {
        CHECK_MESSAGE(contains(ran.out, line), line, " is not in\n", ran.out);
    }
    CHECK(daemon.lines() == std::vector<std::string>{"GET /v1/jobs/01KAMZ3T"});
}

TEST_CASE("a job that is not there and a short id that is not unique differ in their exit") {
    const StubDaemon nothing([](const StubRequest&) { return not_found(); });
    CHECK(run_cli(nothing, {"show", "x"}).exit == 3);
    const StubDaemon several([](const StubRequest&) {
        return StubReply{409, R"({"title":"The reference is ambiguous","code":"ambiguous",)"
                              R"("detail":"More than one job begins with 01."})"};
    });
    const Ran ran = run_cli(several, {"show", "01"});
    CHECK(ran.exit == 2);
    CHECK(contains(ran.err, "give more characters"));
}

TEST_CASE("explain lists the gates") {
    const StubDaemon daemon(
        answering(R"({"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":"queued","reason":"","ahead":4,)"
                  R"("gates":[{"gate":"slot","detail":"3 of 3 are taken","opens_at":null,)"
                  R"("account":"main"}]})"));
    CHECK(run_cli(daemon, {"explain", "01K"}).out ==
          "01KAMZ3TAAAAAAAAAAAAAAAAAA is queued\n"
          "About 4 jobs of its kind go before it.\n"
          "GATE  ACCOUNT  WHY\n"
          "slot  main     3 of 3 are taken\n");
}

TEST_CASE("wait takes jobs and batches, and the worst end is its exit") {
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.target == "/v1/jobs/J")
            return StubReply{200, R"({"id":"J","state":"held","reason":"who knows"})"};
        if (request.target == "/v1/batches/B")
            return StubReply{200, R"({"id":"B","states":{"succeeded":1,"failed":2}})"};
        return not_found();
    });
    const Ran ran = run_cli(daemon, {"wait", "J", "B"});
    CHECK(ran.exit == 1);
    CHECK(ran.out == "J  held  who knows\nB  1 succeeded, 2 failed\n");
    CHECK(run_cli(daemon, {"wait", "J"}).exit == 6);
    CHECK(run_cli(daemon, {"wait", "X"}).exit == 3);
    CHECK(run_cli(daemon, {"wait", "J", "--timeout", "soon"}).exit == 2);
}

TEST_CASE("cancel acts on each id and goes on after one that is refused") {
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.target == "/v1/jobs/b/cancel") return not_found();
        return StubReply{200, R"({"id":"a","state":"canceled"})"};
    });
    const Ran ran = run_cli(daemon, {"cancel", "a", "b", "c"});
    CHECK(ran.exit == 3);
    CHECK(ran.out == "a  canceled\na  canceled\n");
    CHECK(contains(ran.err, "genspool: b: No job x"));
    CHECK(daemon.lines() == std::vector<std::string>{"POST /v1/jobs/a/cancel",
                                                     "POST /v1/jobs/b/cancel",
                                                     "POST /v1/jobs/c/cancel"});
}

TEST_CASE("cancel by selection goes on while there is more") {
    const StubDaemon daemon([](const StubRequest& request) {
        const bool first = request.target.find("cursor") == std::string::npos;
        return StubReply{200, std::string(R"({"matched":3,"done":2,"already":1,"refused":0,)") +
                                  R"("errors":[],"next":)" + (first ? R"("5"})" : "null}")};
    });
    const Ran ran = run_cli(daemon, {"cancel", "--batch", "01K", "--state", "queued"});
    CHECK(ran.exit == 0);
    CHECK(ran.out == "4 done, 2 already so, 0 refused\n");
    CHECK(daemon.lines() ==
          std::vector<std::string>{"POST /v1/jobs:cancel?state=queued&batch=01K",
                                   "POST /v1/jobs:cancel?state=queued&batch=01K&cursor=5"});
}

TEST_CASE("acting needs ids or a selection, not both and not neither") {
    const StubDaemon daemon(answering("{}"));
    CHECK(run_cli(daemon, {"cancel"}).exit == 2);
    CHECK(run_cli(daemon, {"retry", "a", "--state", "failed"}).exit == 2);
    CHECK(run_cli(daemon, {"retry", "--state", "failed", "--again"}).exit == 2);
    CHECK(run_cli(daemon, {"resolve", "a"}).exit == 2);
    CHECK(run_cli(daemon, {"resolve", "a", "--lost", "--absent"}).exit == 2);
    CHECK(run_cli(daemon, {"resolve", "a", "b", "--adopt", "7"}).exit == 2);
    CHECK(daemon.requests().empty());
}

TEST_CASE("retry and resolve say what they mean in the body") {
    const StubDaemon daemon(answering(R"({"id":"a","state":"queued"})"));
    CHECK(run_cli(daemon, {"retry", "a"}).exit == 0);
    CHECK(run_cli(daemon, {"retry", "a", "--again"}).exit == 0);
    CHECK(run_cli(daemon, {"resolve", "a", "--adopt", "77"}).exit == 0);
    CHECK(run_cli(daemon, {"resolve", "a", "--absent"}).exit == 0);
    CHECK(run_cli(daemon, {"resolve", "a", "--lost"}).exit == 0);
    std::vector<std::string> bodies;
    for (const StubRequest& request : daemon.requests())
        bodies.push_back(request.body);
    CHECK(bodies == std::vector<std::string>{"", R"({"again":true})", R"({"adopt":["77"]})",
                                             R"({"absent":true})", R"({"lost":true})"});
}

TEST_CASE("a retry whose answer was lost is not repeated") {
    const StubDaemon daemon([](const StubRequest&) {
        StubReply reply;
        reply.drop = true;
        return reply;
    });
    CHECK(run_cli(daemon, {"retry", "a", "--again"}).exit == 5);
    CHECK(daemon.requests().size() == 1);
}

TEST_CASE("a task that an ended job has adopted is brought home by a retry, and it is said so") {
    const StubDaemon daemon([](const StubRequest&) {
        return StubReply{200, R"({"id":"a","state":"failed","tasks":[{"id":"7","state":"open"}]})"};
    });
    CHECK(run_cli(daemon, {"resolve", "a", "--adopt", "7"}).out ==
          "a  failed  its task is there: `genspool retry` takes it up\n");
}

TEST_CASE("resolve by selection finds what is held and resolves each") {
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.method == "GET")
            return StubReply{200, R"({"jobs":[{"id":"a"},{"id":"b"}],"next":null})"};
        return StubReply{200, R"({"id":"a","state":"failed"})"};
    });
    CHECK(run_cli(daemon, {"resolve", "--batch", "01K", "--lost", "--yes"}).exit == 0);
    CHECK(daemon.lines() == std::vector<std::string>{"GET /v1/jobs?state=held&batch=01K&limit=1000",
                                                     "POST /v1/jobs/a/resolve",
                                                     "POST /v1/jobs/b/resolve"});
}
