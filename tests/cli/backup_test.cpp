#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <string>

#include "tests/cli/stub_daemon.hpp"

using namespace genspool::tests;

TEST_CASE("backup tells the daemon the whole path, and prints what the daemon made") {
    const StubDaemon daemon([](const StubRequest&) {
        return StubReply{201, R"({"directory":"/made","at":"2026-12-01T08:00:00Z",)"
                              R"("generation":1,"last_event":7,"bytes":4096})"};
    });

    const Ran ran = run_cli(daemon, {"backup", "monday", "--artifacts"});

    CHECK(ran.exit == 0);
    CHECK(ran.out == "/made\n");
    REQUIRE(daemon.lines() == std::vector<std::string>{"POST /v1/backup"});
    const auto sent = boost::json::parse(daemon.requests().front().body);
    CHECK(sent.at("directory").as_string() == std::filesystem::absolute("monday").string());
    CHECK(sent.at("artifacts").as_bool());
}

TEST_CASE("backup wants a directory") {
    const StubDaemon daemon([](const StubRequest&) { return StubReply{}; });
    CHECK(run_cli(daemon, {"backup"}).exit == 2);
    CHECK(daemon.lines().empty());
}
