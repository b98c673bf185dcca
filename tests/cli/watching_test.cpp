#include <doctest/doctest.h>

#include <atomic>

#include "tests/cli/stub_daemon.hpp"

using namespace genspool::tests;

namespace {

/// Two looks, with something happening in between; then the end.
class Twice {
public:
    StubReply operator()(const StubRequest& request) {
        if (request.target == "/v1/events")
            return {200, "id: 7\ndata: {\"seq\":7}\n\n", "text/event-stream"};
        if (++looks_ > 2) return {404, R"({"code":"not_found","detail":"The end."})"};
        return {200, R"({"jobs":[{"id":"01KAMZ3TAAAAAAAAAAAAAAAAAA","state":"running",)"
                     R"("kind":"tts"}],"next":null})"};
    }

private:
    int looks_ = 0;
};

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

}  // namespace

TEST_CASE("--watch shows it again when something happens") {
    const StubDaemon daemon(Twice{});
    // Were it not for the event, it would take an hour.
    const Ran ran = run_cli(daemon, {"ls", "--watch=1h"});
    CHECK(ran.exit == 3);
    CHECK(count(ran.out, "running") == 2);
    CHECK(count(ran.out, "\n\nID") == 1);
    CHECK(count(ran.out, "\x1b") == 0);
}

TEST_CASE("on a terminal --watch draws over what was there") {
    const StubDaemon daemon(Twice{});
    RunOptions options;
    options.terminal = options.redraws = true;
    const Ran ran = run_cli(daemon, {"ls", "--watch=1h"}, options);
    CHECK(count(ran.out, "\x1b[2J") == 1);
    CHECK(count(ran.out, "\x1b[HID") == 2);
    CHECK(count(ran.out, "\x1b[K\n") == 4);
}

TEST_CASE("--watch wants a span, and takes no word from behind it") {
    const StubDaemon daemon(Twice{});
    CHECK(run_cli(daemon, {"ls", "--watch=often"}).exit == 2);
    CHECK(run_cli(daemon, {"batches", "b", "--results", "--watch"}).exit == 2);
    CHECK(daemon.requests().empty());
    CHECK(run_cli(daemon, {"show", "--watch=1h", "01KAMZ3T"}).exit == 3);
    CHECK(daemon.lines().front() == "GET /v1/jobs/01KAMZ3T");
}
