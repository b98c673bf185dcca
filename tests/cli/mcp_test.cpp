#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "tests/cli/stub_daemon.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace genspool::tests;

namespace {

constexpr const char* queued = R"({"id":"01KAMZ3T","state":"queued"})";
constexpr const char* done =
    R"({"id":"01KAMZ3T","state":"succeeded","artifacts":[)"
    R"({"n":0,"name":"a.mp4","media_type":"video/mp4","bytes":5,"state":"home",)"
    R"("sha256":"277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9"}]})";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string request(const std::string& id, const std::string& method,
                    const std::string& params = "{}") {
    return R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"(","params":)" +
           params + "}\n";
}

std::string tool(const std::string& id, const std::string& name, const std::string& arguments) {
    return request(id, "tools/call", R"({"name":")" + name + R"(","arguments":)" + arguments + "}");
}

/// The answers by their ids as JSON; notifications by "".
std::map<std::string, std::string> answers(const Ran& ran) {
    std::map<std::string, std::string> all;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
        const auto value = boost::json::parse(line);
        if (value.is_array()) {
            all["batch"] = line;
            continue;
        }
        const auto* const id = value.as_object().if_contains("id");
        all[id == nullptr ? "" : boost::json::serialize(*id)] = line;
    }
    return all;
}

Ran speak(const StubDaemon& daemon, const std::string& input, const std::string& directory = {}) {
    std::vector<std::string> arguments = {"mcp"};
    if (!directory.empty()) arguments.insert(arguments.end(), {"--directory", directory});
    return run_cli(daemon, arguments, RunOptions{.input = input});
}

StubReply serve(const StubRequest& request) {
    if (request.method == "PUT") return {200, R"({"file":"sha256:abc"})"};
    if (request.method == "POST") return {201, queued};
    if (request.target.ends_with("/artifacts/0")) return {200, "bytes"};
    return {200, done};
}

}  // namespace

TEST_CASE("mcp answers each line on a line of its own until the input ends") {
    const StubDaemon daemon(serve);

    const Ran ran =
        speak(daemon, request("1", "initialize", R"({"protocolVersion":"2025-06-18"})") +
                          R"({"jsonrpc":"2.0","method":"notifications/initialized"})" + "\n\n" +
                          request("\"two\"", "ping") + "nonsense\n" +
                          tool("3", "submit", R"({"kind":"video"})") +
                          R"([{"jsonrpc":"2.0","id":7,"method":"ping"},)"
                          R"({"jsonrpc":"2.0","id":8,"method":"ping"}])");

    CHECK(ran.exit == 0);
    auto all = answers(ran);
    CHECK(all.size() == 5);
    CHECK(contains(all["1"], R"("protocolVersion":"2025-06-18")"));
    CHECK(contains(all["\"two\""], R"("result":{})"));
    CHECK(contains(all["null"], "-32700"));
    CHECK(contains(all["3"], "01KAMZ3T"));
    CHECK(contains(all["batch"], R"("id":8)"));
}

TEST_CASE("an order that is repeated has the same key, whatever happened to the first") {
    std::atomic<int> calls = 0;
    const StubDaemon daemon([&calls](const StubRequest&) {
        StubReply reply{201, queued};
        reply.drop = ++calls == 1;
        return reply;
    });
    const std::string order = R"({"kind":"video","prompt":"a fox"})";

    const Ran ran = speak(daemon, tool("1", "submit", order));
    speak(daemon, tool("1", "submit", order));

    CHECK(contains(answers(ran)["1"], "01KAMZ3T"));
    const auto requests = daemon.requests();
    REQUIRE(requests.size() == 3);
    const std::string key = requests[0].headers.at("idempotency-key");
    CHECK(key.starts_with("mcp-"));
    CHECK(requests[0].body == R"({"kind":"video","request":{"prompt":"a fox"}})");
    for (const StubRequest& each : requests)
        CHECK(each.headers.at("idempotency-key") == key);
}

TEST_CASE("a retry whose answer is lost is not sent again") {
    const StubDaemon daemon([](const StubRequest&) {
        StubReply reply;
        reply.drop = true;
        return reply;
    });
    const Ran ran = speak(daemon, tool("1", "retry", R"({"id":"x"})"));
    CHECK(contains(answers(ran)["1"], "look with show"));
    CHECK(daemon.requests().size() == 1);
}

TEST_CASE("an order that a proxy has answered for is never said not to be taken") {
    for (const int status : {502, 503, 504}) {
        CAPTURE(status);
        const StubDaemon daemon([status](const StubRequest&) {
            return StubReply{status, "<html>No gateway</html>", "text/html"};
        });
        const Ran ran = run_cli(daemon, {"mcp"},
                                RunOptions{.input = tool("1", "submit", R"({"kind":"video"})") +
                                                    tool("2", "retry", R"({"id":"x"})"),
                                           .away_max_s = 0});
        auto all = answers(ran);
        CHECK(contains(all["1"], "may have been taken"));
        CHECK_FALSE(contains(all["1"], "nothing was bought"));
        CHECK(contains(all["2"], "look with show"));
        const auto lines = daemon.lines();
        CHECK(std::ranges::count(lines, "POST /v1/jobs/x/retry") == 1);
    }
}

TEST_CASE("a refusal for want of room does not undo an earlier try whose answer was lost") {
    std::atomic<int> calls = 0;
    const StubDaemon daemon([&calls](const StubRequest&) {
        StubReply reply{507, R"({"code":"disk_full","title":"The disk is full"})"};
        reply.drop = ++calls == 1;
        return reply;
    });
    auto all = answers(speak(daemon, tool("1", "submit", R"({"kind":"video"})")));
    CHECK(contains(all["1"], "may have been taken"));
}

TEST_CASE("a local file of an order is handed in first, one outside the folder is refused") {
    const StubDaemon daemon(serve);
    const TemporaryDirectory directory;
    std::ofstream(directory.path("kite.png")) << "a kite";
    std::filesystem::create_symlink("/etc/hostname", directory.path("link"));
    const auto order = [](const std::string& file) {
        return R"({"kind":"video","request":{"first_frame_image":{"$file":")" + file + R"("}}})";
    };

    const Ran ran = speak(daemon, tool("1", "submit", order("kite.png")), directory.path());
    CHECK(contains(answers(ran)["1"], "01KAMZ3T"));
    CHECK(daemon.lines() == std::vector<std::string>{"PUT /v1/blobs", "POST /v1/jobs"});
    CHECK(contains(daemon.requests()[1].body, "sha256:abc"));

    std::filesystem::create_directory(directory.path(".ssh"));
    std::ofstream(directory.path(".ssh/id_rsa")) << "a secret";
    for (const std::string file : {"/etc/hostname", "../x", "link", "missing.png", ".ssh/id_rsa"}) {
        CAPTURE(file);
        auto refused = answers(speak(daemon, tool("1", "submit", order(file)), directory.path()));
        CHECK(contains(refused["1"], R"("isError":true)"));
        CHECK(contains(refused["1"], "nothing was bought"));
    }
    CHECK(daemon.lines().size() == 2);
}

TEST_CASE("fetch saves in the folder, and nowhere else, and replaces nothing") {
    const StubDaemon daemon(serve);
    const TemporaryDirectory directory;
    const auto fetch = [&](const std::string& into) {
        return answers(speak(daemon,
                             tool("1", "fetch", R"({"id":"01KAMZ3T","directory":")" + into + "\"}"),
                             directory.path()))["1"];
    };
    const auto read = [&] {
        std::ifstream saved(directory.path("films/a.mp4"));
        return std::string(std::istreambuf_iterator<char>(saved), {});
    };

    CHECK(contains(fetch("films"), "file://"));
    CHECK(read() == "bytes");
    // What is there already is saved already.
    const std::string again = fetch("films");
    CHECK(contains(again, R"("isError":false)"));
    CHECK(contains(again, "file://"));
    const auto lines = daemon.lines();
    CHECK(std::ranges::count(lines, "GET /v1/jobs/01KAMZ3T/artifacts/0") == 1);

    std::ofstream(directory.path("films/a.mp4")) << "other";
    const std::string refused = fetch("films");
    CHECK(contains(refused, "exists already"));
    CHECK(contains(refused, "name another directory"));
    CHECK_FALSE(contains(refused, "--force"));
    CHECK(read() == "other");
    CHECK(contains(fetch("/tmp/elsewhere"), "lies outside"));
    CHECK(contains(fetch("../elsewhere"), "lies outside"));
    CHECK(contains(fetch(".config/autostart"), "is hidden"));
    CHECK(std::distance(std::filesystem::directory_iterator(directory.path("films")), {}) == 1);
}

TEST_CASE("without a daemon mcp still shakes hands and says what is wrong") {
    const TemporaryDirectory directory;
    const Ran ran =
        run_cli(directory.path("nothing.sock"), {"mcp"},
                RunOptions{.input = request("1", "initialize") + request("2", "tools/list") +
                                    tool("3", "submit", R"({"kind":"video"})"),
                           .away_max_s = 0});
    CHECK(ran.exit == 0);
    auto all = answers(ran);
    CHECK(contains(all["1"], "serverInfo"));
    CHECK(contains(all["2"], "directory"));
    CHECK(contains(all["3"], "cannot reach the daemon"));
    CHECK(contains(all["3"], "nothing was bought"));
}

TEST_CASE("a wait that is called off is not answered") {
    const StubDaemon daemon(
        [](const StubRequest&) { return StubReply{200, R"({"id":"x","state":"running"})"}; });
    const Ran ran = speak(
        daemon,
        tool("1", "wait", R"({"id":"x","seconds":45})") +
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}})" +
            "\n" + request("2", "ping"));
    CHECK(answers(ran).count("2") == 1);
    CHECK(answers(ran).count("1") == 0);
}
