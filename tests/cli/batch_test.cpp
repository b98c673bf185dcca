#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "tests/cli/stub_daemon.hpp"

using namespace genspool::tests;

namespace {

constexpr const char* taken =
    R"({"batch":"01KAMXAAAAAAAAAAAAAAAAAAAA","accepted":2,"refused":0,"errors":[]})";

StubDaemon::Handler taking(std::string answer) {
    return [answer = std::move(answer)](const StubRequest& request) {
        if (request.method == "POST") return StubReply{202, answer};
        return StubReply{
            200, R"({"id":"01KAMXAAAAAAAAAAAAAAAAAAAA","states":{"succeeded":1,"held":1}})"};
    };
}

std::string write_file(const TemporaryDirectory& directory, const std::string& text) {
    std::ofstream(directory.path("jobs.jsonl"), std::ios::binary) << text;
    return directory.path("jobs.jsonl");
}

}  // namespace

TEST_CASE("a file of jobs is streamed as it is, under a key") {
    const TemporaryDirectory directory;
    std::string text;
    for (int i = 0; i < 5'000; ++i)
        text += "{\"kind\":\"tts\",\"request\":{\"text\":\"" + std::to_string(i) + "\"}}\n";
    const StubDaemon daemon(taking(taken));

    const Ran ran = run_cli(daemon, {"batch", write_file(directory, text)});

    CHECK(ran.exit == 0);
    CHECK(ran.out == "01KAMXAAAAAAAAAAAAAAAAAAAA\n");
    CHECK(ran.err == "2 accepted, 0 refused\n");
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].body == text);
    CHECK(requests[0].headers.at("content-type") == "application/x-ndjson");
    CHECK(requests[0].headers.contains("idempotency-key"));
}

TEST_CASE("a file whose answer was lost is sent again whole") {
    const TemporaryDirectory directory;
    std::atomic<int> calls = 0;
    const StubDaemon daemon([&calls](const StubRequest&) {
        StubReply reply{202, taken};
        reply.drop = ++calls == 1;
        return reply;
    });
    CHECK(run_cli(daemon, {"batch", write_file(directory, "{}\n{}\n")}).exit == 0);
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[1].body == "{}\n{}\n");
}

/// Takes files, naming each by what it holds, and a batch.
StubReply take_files(const StubRequest& request) {
    if (request.method == "PUT") {
        const std::string name = "sha256:" + std::string(63, '0') + request.body;
        return {200, R"({"file":")" + name + R"("})"};
    }
    return {202, taken};
}

std::string named(char file) {
    return R"({"$file":"sha256:)" + std::string(63, '0') + file + R"("})";
}

TEST_CASE("files that lines name lie beside them, and are handed in first, each once") {
    const TemporaryDirectory directory;
    std::ofstream(directory.path("a.png")) << "a";
    std::ofstream(directory.path("b.png")) << "b";
    const std::string line =
        R"({"kind":"image","request":{"n":1.50,"one":{"$file":"a.png"},"two":{"$file":"b.png"}}})";
    const StubDaemon daemon(take_files);
    CHECK(run_cli(daemon, {"batch", write_file(directory, "{}\n" + line + "\r\n" + line)}).exit ==
          0);
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 3);
    CHECK(requests[0].body == "a");
    CHECK(requests[1].body == "b");
    const std::string sent = R"({"kind":"image","request":{"n":1.5,"one":)" + named('a') +
                             R"(,"two":)" + named('b') + "}}";
    CHECK(requests[2].body == "{}\n" + sent + "\n" + sent);
}

TEST_CASE("files that an array names are handed in as well, also from standard input") {
    const TemporaryDirectory directory;
    std::ofstream(directory.path("a.png")) << "a";
    const StubDaemon daemon(take_files);
    RunOptions options;
    options.input =
        R"([{"kind":"image","body":{"one":{"$file":")" + directory.path("a.png") + "\"}}}]";
    CHECK(run_cli(daemon, {"batch", "-"}, options).exit == 0);
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[1].line() == "POST /v1/jobs");
    CHECK(requests[1].body == R"([{"kind":"image","body":{"one":)" + named('a') + "}}]");
}

TEST_CASE("a byte order mark, and an escape, do not hide a file; lines come from a pipe as well") {
    const TemporaryDirectory directory;
    std::ofstream(directory.path("a.png")) << "a";
    const StubDaemon daemon(take_files);
    RunOptions options;
    options.input = "\xEF\xBB\xBF{\"request\":{\"one\":{\"\\u0024file\":\"" +
                    directory.path("a.png") + "\"}}}\n{}";
    CHECK(run_cli(daemon, {"batch", "-"}, options).exit == 0);
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[0].headers.at("content-type") == "image/png");
    CHECK(requests[1].body == R"({"request":{"one":)" + named('a') + "}}\n{}");
}

TEST_CASE("what is no file to be handed in is told as what it is") {
    const TemporaryDirectory directory;
    std::filesystem::create_directories(directory.path("frames"));
    std::filesystem::create_symlink("loop", directory.path("loop"));
    const StubDaemon daemon(take_files);
    const auto told = [&](const std::string& path) {
        return run_cli(daemon, {"submit", "video", "--file", "image=" + path}).err;
    };
    CHECK(told(directory.path("frames")).find("is a directory") != std::string::npos);
    CHECK(told("/dev/null").find("is no regular file") != std::string::npos);
    CHECK(told(directory.path("loop")).find("cannot be read: ") != std::string::npos);
    CHECK(told(std::string(300, 'a')).find("cannot be read: ") != std::string::npos);
    CHECK(told("").find("--file image= names no file") != std::string::npos);
    CHECK(daemon.requests().empty());
}

TEST_CASE("a batch with a file that is not there is not sent") {
    const TemporaryDirectory directory;
    const StubDaemon daemon(take_files);
    const Ran ran = run_cli(
        daemon, {"batch", write_file(directory, R"({"request":{"a":{"$file":"none.png"}}})")});
    CHECK(ran.exit == 2);
    CHECK(ran.err.find("line 1: request.a: there is no file") != std::string::npos);
    CHECK(daemon.requests().empty());
}

TEST_CASE("standard input is never sent twice") {
    const StubDaemon daemon([](const StubRequest&) {
        StubReply reply;
        reply.drop = true;
        return reply;
    });
    RunOptions options;
    options.input = "{}\n";
    const Ran ran = run_cli(daemon, {"batch", "-"}, options);
    CHECK(ran.exit == 5);
    CHECK(ran.err.find("got lost") != std::string::npos);
    CHECK(daemon.requests().size() == 1);
    CHECK_FALSE(daemon.requests()[0].headers.contains("idempotency-key"));
}

TEST_CASE("an array is told from lines") {
    const StubDaemon daemon(taking(taken));
    RunOptions options;
    options.input = " [{}]";
    CHECK(run_cli(daemon, {"batch", "-", "--atomic"}, options).exit == 0);
    CHECK(daemon.requests()[0].headers.at("content-type") == "application/json");
    CHECK(daemon.requests()[0].body == " [{}]");
    CHECK(daemon.lines() == std::vector<std::string>{"POST /v1/jobs?atomic=true"});
    options.input = "\xEF\xBB\xBF[{}]";
    CHECK(run_cli(daemon, {"batch", "-", "--atomic"}, options).exit == 0);
    CHECK(daemon.requests()[1].headers.at("content-type") == "application/json");
}

TEST_CASE("refused lines are told and are a failure") {
    const StubDaemon daemon(
        taking(R"({"batch":"01KAMXAAAAAAAAAAAAAAAAAAAA","accepted":1,"refused":1,)"
               R"("errors":[{"line":2,"code":"missing","field":"request.text",)"
               R"("message":"It is missing."}]})"));
    RunOptions options;
    options.input = "{}\n{}\n";
    const Ran ran = run_cli(daemon, {"batch", "-"}, options);
    CHECK(ran.exit == 1);
    CHECK(ran.out == "01KAMXAAAAAAAAAAAAAAAAAAAA\n");
    CHECK(ran.err == "line 2: request.text: It is missing.\n1 accepted, 1 refused\n");
}

TEST_CASE("an atomic batch that is refused names its lines") {
    const StubDaemon daemon([](const StubRequest&) {
        return StubReply{422, R"({"title":"Lines of the batch are refused","code":"batch_refused",)"
                              R"("detail":"1 line.","refused":1,)"
                              R"("errors":[{"line":2,"message":"No text."}]})"};
    });
    RunOptions options;
    options.input = "{}\n{}\n";
    const Ran ran = run_cli(daemon, {"batch", "-", "--atomic"}, options);
    CHECK(ran.exit == 2);
    CHECK(ran.err.find("line 2: No text.") != std::string::npos);
}

TEST_CASE("batch --wait ends when every job has ended or is held") {
    const StubDaemon daemon(taking(taken));
    RunOptions options;
    options.input = "{}\n{}\n";
    const Ran ran = run_cli(daemon, {"batch", "-", "--wait"}, options);
    CHECK(ran.exit == 6);
    CHECK(ran.err.find("1 succeeded, 1 held") != std::string::npos);
}

TEST_CASE("a file that is not there is a matter of usage") {
    const StubDaemon daemon(taking(taken));
    CHECK(run_cli(daemon, {"batch", "/nowhere/jobs.jsonl"}).exit == 2);
    CHECK(daemon.requests().empty());
}
