#include "cli/folding.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/cli/stub_daemon.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

constexpr const char* request = R"({"model":"MiniMax-M3","temperature":0.70,"messages":[]})";

std::string folded(const std::string& custom_id) {
    return R"({"custom_id":")" + custom_id +
           R"(","method":"POST","url":"/v1/text/chatcompletion_v2","body":)" + request + "}\n";
}

std::string job(const std::string& members = "") {
    return R"({"kind":"chat","request":)" + std::string(request) + members + "}";
}

/// The one thing that is wrong with it.
std::string fault(const std::string& lines) {
    const cli::Folded folded = cli::fold_chat_lines(lines);
    return folded.faults.size() == 1 ? folded.faults.front() : "";
}

/// Takes every file and every job.
StubReply taking(const StubRequest& asked) {
    if (asked.method == "PUT") return {200, R"({"file":"sha256:)" + std::string(64, '7') + R"("})"};
    return {201, R"({"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":"queued"})"};
}

}  // namespace

TEST_CASE("jobs and batch lines are folded alike, and keep their requests as they were written") {
    const cli::Folded all = cli::fold_chat_lines(
        "\xEF\xBB\xBF" + job(R"(,"custom_id":"a")") + "\r\n\n" +
        R"({"custom_id":"b","method":"POST","url":"/v1/chat/completions","body":)" + request +
        "}\n" + job() + "\n" + job(R"(,"custom_id":null)"));
    CHECK(all.faults.empty());
    CHECK(all.text == folded("a") + folded("b") + folded("line-4") + folded("line-5"));
}

TEST_CASE("what cannot be folded is told by its line, all of it at once") {
    const cli::Folded all = cli::fold_chat_lines(job() + "\n{\n[]\n" + job());
    REQUIRE(all.faults.size() == 2);
    CHECK(all.faults.at(0).starts_with("line 2: it is not JSON"));
    CHECK(all.faults.at(1) == "line 3: it is no JSON object");
    CHECK(fault(R"({"kind":"tts","request":{}})") ==
          "line 1: only jobs of kind chat can be folded");
    CHECK(fault(R"({"kind":"chat"})") == "line 1: it holds no request");
    CHECK(fault(R"({"method":"POST","url":"/v1/nowhere","body":{}})").starts_with("line 1: url"));
    CHECK(fault(job(R"(,"custom_id":7)")).starts_with("line 1: custom_id must be a text"));
    CHECK(fault(job(R"(,"custom_id":"a")") + "\n" + job(R"(,"custom_id":"a")")) ==
          "line 2: custom_id a stands in an earlier line");
    CHECK(fault(job(R"(,"labels":{"a":"b"})")) ==
          "line 1: labels cannot stand in a folded line: say it of the whole job");
    CHECK(fault(R"({"kind":"chat","request":{"messages":[{"content":{"$file":"a.png"}}]}})") ==
          "line 1: neither $artifact nor $file can stand in a folded line");
    CHECK(fault("\n") == "there are no lines in it");
}

TEST_CASE("a batch that is too long is refused") {
    std::string lines;
    for (int n = 0; n < 50'001; ++n)
        lines += job() + "\n";
    CHECK(fault(lines) == "line 50001: one batch takes 50000 lines; cut the file in parts");
}

TEST_CASE("--fold hands the lines in as one file, and then one job that takes it") {
    const TemporaryDirectory directory;
    std::ofstream(directory.path("chats.jsonl")) << job() << "\n";
    const StubDaemon daemon(taking);
    const Ran ran = run_cli(daemon, {"submit", "chat_batch", "--fold",
                                     directory.path("chats.jsonl"), "--label", "film=reel-3"});
    CHECK(ran.exit == 0);
    CHECK(ran.out == "01KAMZ3TAAAAAAAAAAAAAAAAAA\n");
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[0].line() == "PUT /v1/blobs");
    CHECK(requests[0].headers.at("content-type") == "application/x-ndjson");
    CHECK(requests[0].body == folded("line-1"));
    CHECK(requests[1].line() == "POST /v1/jobs");
    CHECK(requests[1].body ==
          R"({"kind":"chat_batch","request":{"input_file_id":{"$file":"sha256:)" +
              std::string(64, '7') + R"("}},"labels":{"film":"reel-3"}})");
}

TEST_CASE("nothing is sent of a file with a line that cannot be folded, or for another kind") {
    const StubDaemon daemon(taking);
    RunOptions options;
    options.input = job() + "\n{\"kind\":\"image\",\"request\":{}}\n";
    const Ran ran = run_cli(daemon, {"submit", "chat_batch", "--fold", "-"}, options);
    CHECK(ran.exit == 2);
    CHECK(ran.err.find("line 2: only jobs of kind chat can be folded\n") != std::string::npos);
    CHECK(ran.err.find("nothing was sent") != std::string::npos);
    options.input = job();
    CHECK(run_cli(daemon, {"submit", "chat", "--fold", "-"}, options).exit == 2);
    CHECK(run_cli(daemon, {"run", "chat_batch", "--fold", "/nowhere/a.jsonl"}).exit == 2);
    CHECK(daemon.requests().empty());
}
