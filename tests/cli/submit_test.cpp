#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <future>
#include <utility>

#include "tests/cli/stub_daemon.hpp"
#include "tests/support/places.hpp"
#include "tests/support/pseudo_terminal.hpp"

using namespace genspool::tests;

namespace {

constexpr const char* queued_job =
    R"({"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":"queued","op":"minimax.video_v1","attempt":0})";
constexpr const char* done_job =
    R"({"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":"succeeded","attempt":1,)"
    R"("artifacts":[{"n":0,"state":"home","name":"a.mp4","path":"/var/a.mp4"},)"
    R"({"n":1,"state":"lost"}]})";

/// Takes every job; the job is then as `after` says.
StubDaemon::Handler taking(std::string after) {
    return [after = std::move(after)](const StubRequest& request) {
        if (request.method == "POST") return StubReply{201, queued_job};
        return StubReply{200, after};
    };
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("submit sends the job under a random key and prints its id alone") {
    const StubDaemon daemon(taking(queued_job));

    const Ran ran = run_cli(daemon, {"submit", "video", "--model", "M", "--prompt", "a fox",
                                     "--set", "duration=6", "--label", "film=reel-3"});

    CHECK(ran.exit == 0);
    CHECK(ran.out == "01KAMZ3TAAAAAAAAAAAAAAAAAA\n");
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].line() == "POST /v1/jobs");
    CHECK(requests[0].headers.at("content-type") == "application/json");
    CHECK(requests[0].headers.at("idempotency-key").starts_with("cli-"));
    CHECK(requests[0].body == R"({"kind":"video","request":{"model":"M","prompt":"a fox",)"
                              R"("duration":6},"labels":{"film":"reel-3"}})");
}

TEST_CASE("a lost answer is asked for again under the same key") {
    std::atomic<int> calls = 0;
    const StubDaemon daemon([&calls](const StubRequest&) {
        StubReply reply{201, queued_job};
        reply.drop = ++calls == 1;
        return reply;
    });

    const Ran ran = run_cli(daemon, {"submit", "video", "--prompt", "x"});

    CHECK(ran.exit == 0);
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[0].headers.at("idempotency-key") == requests[1].headers.at("idempotency-key"));
    CHECK(requests[0].body == requests[1].body);
}

TEST_CASE("where no answer comes in the end, the key is told under which the job may be taken") {
    RunOptions options;
    options.away_max_s = 0;
    const auto key_of = [](const StubDaemon& daemon) {
        return "--idempotency-key " + daemon.requests().at(0).headers.at("idempotency-key");
    };
    const StubDaemon lost([](const StubRequest&) {
        StubReply reply;
        reply.drop = true;
        return reply;
    });
    const Ran ran = run_cli(lost, {"submit", "video", "--prompt", "x"}, options);
    CHECK(ran.exit == 5);
    CHECK(contains(ran.err, "may have been taken: repeat the command with " + key_of(lost)));

    for (const int status : {500, 502, 503, 504}) {
        CAPTURE(status);
        const StubDaemon proxy(
            [status](const StubRequest&) { return StubReply{status, "<html>", "text/html"}; });
        const Ran answered = run_cli(proxy, {"run", "video", "--prompt", "x"}, options);
        CHECK(answered.exit == 5);
        CHECK(contains(answered.err, key_of(proxy)));
    }
    for (const auto& [status, code] :
         {std::pair(503, "queue_full"), std::pair(507, "disk_full"), std::pair(422, "invalid")}) {
        CAPTURE(code);
        const StubDaemon full([status = status, code = std::string(code)](const StubRequest&) {
            return StubReply{status, R"({"title":"No","code":")" + code + "\"}"};
        });
        const Ran refused = run_cli(full, {"submit", "video", "--prompt", "x"}, options);
        CHECK_FALSE(contains(refused.err, "may have been taken"));
    }
}

TEST_CASE("who stops the program before the answer is told the key, and then has none") {
    std::promise<void> asked;
    std::promise<void> go_on;
    const StubDaemon daemon([&, wait = go_on.get_future().share()](const StubRequest&) {
        asked.set_value();
        wait.wait();
        return StubReply{201, queued_job};
    });
    PseudoTerminal terminal(
        {program("genspool"), "submit", "video", "--prompt", "x", "--socket", daemon.socket()},
        {"TERM=xterm"}, 200, 24);
    asked.get_future().wait();
    terminal.signal(SIGINT);
    const std::string said = terminal.read_rest();
    CHECK(terminal.wait() == -SIGINT);
    go_on.set_value();
    CHECK(contains(said, "may have been taken: repeat the command with --idempotency-key cli-"));
}

TEST_CASE("a daemon that is stopping is waited for") {
    std::atomic<int> calls = 0;
    const StubDaemon daemon([&calls](const StubRequest&) {
        if (++calls == 1) return StubReply{503, R"({"title":"Stops","code":"stopping"})"};
        return StubReply{201, queued_job};
    });
    CHECK(run_cli(daemon, {"submit", "video", "--prompt", "x"}).exit == 0);
    CHECK(calls == 2);
}

TEST_CASE("a daemon that goes on stopping, or being busy, is not called away") {
    for (const std::string code : {"stopping", "busy"}) {
        const StubDaemon daemon([&code](const StubRequest&) {
            return StubReply{503, R"({"title":"No room","code":")" + code + "\"}"};
        });
        RunOptions options;
        options.away_max_s = 1;
        const Ran ran = run_cli(daemon, {"submit", "video", "--prompt", "x"}, options);
        CHECK(ran.exit == 5);
        CHECK(daemon.requests().size() > 1);
        CHECK(ran.err.find("the daemon is " + code + "; waiting for it") != std::string::npos);
        CHECK(ran.err.find("genspool: No room") != std::string::npos);
        CHECK(ran.err.find("systemctl start") == std::string::npos);
    }
}

TEST_CASE("a queue that is full is not waited for") {
    const StubDaemon daemon([](const StubRequest&) {
        return StubReply{503, R"({"title":"The queue is full","code":"queue_full"})"};
    });
    const Ran ran = run_cli(daemon, {"submit", "video", "--prompt", "x"});
    CHECK(ran.exit == 5);
    CHECK(daemon.requests().size() == 1);
    CHECK(ran.err.starts_with("genspool: The queue is full"));
}

TEST_CASE("a dry run asks for the price and has no key") {
    const StubDaemon daemon([](const StubRequest&) {
        return StubReply{200, R"({"dry_run":true,"op":"minimax.video_v1",)"
                              R"("cost":{"estimated":0.49,"unit":"USD"}})"};
    });
    const Ran ran = run_cli(daemon, {"submit", "video", "--dry-run"});
    CHECK(ran.out == "would be minimax.video_v1, about 0.49 USD\n");
    CHECK(daemon.lines() == std::vector<std::string>{"POST /v1/jobs?dry_run=true"});
    CHECK_FALSE(daemon.requests()[0].headers.contains("idempotency-key"));
}

TEST_CASE("a dry run says what the job would wait for") {
    const StubDaemon daemon([](const StubRequest&) {
        return StubReply{200, R"({"dry_run":true,"op":"minimax.video_v1",)"
                              R"("cost":{"estimated":null,"unit":null},)"
                              R"("gates":[{"gate":"price_unknown","detail":"no price"}]})"};
    });
    CHECK(run_cli(daemon, {"submit", "video", "--dry-run", "--max-cost", "1"}).out ==
          "would be minimax.video_v1, price unknown\nwould wait: price_unknown, no price\n");
}

TEST_CASE("the request may come from standard input") {
    const StubDaemon daemon(taking(queued_job));
    RunOptions options;
    options.input = R"({"prompt":"x"})";
    CHECK(run_cli(daemon, {"submit", "music", "--request", "-"}, options).exit == 0);
    CHECK(daemon.requests()[0].body == R"({"kind":"music","request":{"prompt":"x"}})");
}

TEST_CASE("what the daemon refuses is told in one line, and is a matter of usage") {
    const StubDaemon daemon([](const StubRequest&) {
        return StubReply{422, R"({"title":"A value is invalid","code":"invalid",)"
                              R"("detail":"Too long.","field":"request.prompt"})"};
    });
    const Ran ran = run_cli(daemon, {"submit", "video", "--prompt", "x"});
    CHECK(ran.exit == 2);
    CHECK(ran.out.empty());
    CHECK(ran.err == "genspool: A value is invalid: request.prompt: Too long\n");
}

TEST_CASE("a local file is handed in before the job that names it") {
    const std::string name = "sha256:" + std::string(64, 'a');
    const StubDaemon daemon([&](const StubRequest& request) {
        if (request.method == "PUT") return StubReply{200, R"({"file":")" + name + R"("})"};
        return StubReply{201, queued_job};
    });
    const TemporaryDirectory place;
    const std::string path = place.path("a.png");
    std::ofstream(path, std::ios::binary) << "\x89PNG\r\n\x1A\n of a fox";
    const Ran ran = run_cli(daemon, {"submit", "video", "--file", "first_frame_image=" + path,
                                     "--set", R"(subject={"$file":")" + path + R"("})"});
    CHECK(ran.exit == 0);
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 2);  // the file once, though it is named twice
    CHECK(requests[0].line() == "PUT /v1/blobs");
    CHECK(requests[0].body == "\x89PNG\r\n\x1A\n of a fox");
    CHECK(contains(requests[1].body, R"("first_frame_image":{"$file":")" + name + R"("})"));
    CHECK(contains(requests[1].body, R"("subject":{"$file":")" + name + R"("})"));
}

TEST_CASE("a local file that is not there is named, and nothing is sent") {
    const StubDaemon daemon(taking(queued_job));
    const Ran ran = run_cli(daemon, {"submit", "video", "--file", "first_frame_image=/none/a.png"});
    CHECK(ran.exit == 2);
    CHECK(ran.err == "genspool: request.first_frame_image: there is no file /none/a.png\n");
    CHECK(daemon.requests().empty());
}

TEST_CASE("run prints the paths of what came home and nothing else") {
    const StubDaemon daemon(taking(done_job));
    const Ran ran = run_cli(daemon, {"run", "video", "--prompt", "x"});
    CHECK(ran.exit == 0);
    CHECK(ran.out == "/var/a.mp4\n");
    CHECK(ran.err == "01KAMZ3TAAAAAAA  succeeded  attempt 1\n");
}

TEST_CASE("run can be rehearsed: the price is told, and nothing is handed in") {
    const StubDaemon daemon([](const StubRequest&) {
        return StubReply{
            200, R"({"op":"minimax.video_v1","cost":{"estimated":0.49,"unit":"USD"},"gates":[]})"};
    });
    const Ran ran = run_cli(daemon, {"run", "video", "--prompt", "x", "--dry-run"});
    CHECK(ran.exit == 0);
    CHECK(ran.out == "would be minimax.video_v1, about 0.49 USD\n");
    CHECK(daemon.lines() == std::vector<std::string>{"POST /v1/jobs?dry_run=true"});
}

TEST_CASE("run rewrites one line on a terminal and takes it away at the end") {
    const StubDaemon daemon(taking(done_job));
    RunOptions options;
    options.terminal = options.redraws = true;
    const Ran ran = run_cli(daemon, {"run", "video", "--prompt", "x"}, options);
    CHECK(ran.out == "/var/a.mp4\n");
    CHECK(ran.err.starts_with("\r\x1b[K01KAMZ3TAAAAAAA  succeeded  attempt 1  "));
    CHECK(ran.err.ends_with("\r\x1b[K"));
}

TEST_CASE("run prints a result that is no file") {
    const StubDaemon daemon(
        taking(R"({"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":"succeeded","artifacts":[],)"
               R"("result":{"lyrics":"la"}})"));
    CHECK(run_cli(daemon, {"run", "lyrics", "--prompt", "x"}).out == "{\"lyrics\":\"la\"}\n");
}

TEST_CASE("the exit tells how the job ended") {
    struct Row {
        std::string state;
        int exit;
    };
    for (const Row& row :
         {Row{"succeeded", 0}, Row{"failed", 1}, Row{"canceled", 1}, Row{"held", 6}}) {
        CAPTURE(row.state);
        const StubDaemon daemon(taking(R"({"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":")" +
                                       row.state + R"(","failure":{"message":"No."}})"));
        const Ran ran = run_cli(daemon, {"run", "video", "--prompt", "x"});
        CHECK(ran.exit == row.exit);
        CHECK(contains(ran.err, "No.") == (row.exit != 0));
    }
}

TEST_CASE("a wait that times out leaves the job and says how to go on") {
    const StubDaemon daemon(taking(R"({"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":"running"})"));
    const Ran ran = run_cli(daemon, {"run", "video", "--prompt", "x", "--timeout", "0"});
    CHECK(ran.exit == 124);
    CHECK(contains(ran.err, "genspool wait 01KAMZ3TAAAAAAAAAAAAAAAAAA"));
}

TEST_CASE("a wait asks by long polls and outlives a restart of the daemon") {
    std::atomic<int> calls = 0;
    const StubDaemon daemon([&calls](const StubRequest& request) {
        const int call = ++calls;
        if (call == 1) return StubReply{201, queued_job};
        if (call == 2) return StubReply{200, queued_job};
        StubReply reply{200, done_job};
        CHECK(request.headers.at("prefer") == "wait=30");
        reply.drop = call == 3;
        return reply;
    });
    const Ran ran = run_cli(daemon, {"submit", "video", "--prompt", "x", "--wait"});
    CHECK(ran.exit == 0);
    CHECK(calls == 4);
    CHECK(ran.out == "01KAMZ3TAAAAAAAAAAAAAAAAAA\n");
}

TEST_CASE("JSON is printed as it came, on one line") {
    const StubDaemon daemon(
        taking("{\"id\": \"01KAMZ3TAAAAAAAAAAAAAAAAAA\",\n"
               " \"state\": \"failed\", \"n\": 1.50}"));
    const Ran ran = run_cli(daemon, {"run", "video", "--prompt", "x", "--json"});
    CHECK(ran.exit == 1);
    CHECK(ran.out ==
          "{\"id\": \"01KAMZ3TAAAAAAAAAAAAAAAAAA\",  \"state\": \"failed\", \"n\": 1.50}\n");
    // Whoever stops it while it waits knows the job.
    CHECK(ran.err == "genspool: job 01KAMZ3TAAAAAAAAAAAAAAAAAA is taken\n");
}
