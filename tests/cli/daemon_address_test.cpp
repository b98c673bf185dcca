#include "cli/daemon_address.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "cli/failure.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace genspool::cli;
using genspool::tests::TemporaryDirectory;

namespace {

/// An environment in which nothing of the real system is looked at.
Environment empty_environment(const TemporaryDirectory& directory) {
    Environment environment;
    environment.runtime_dir = directory.path();
    environment.system_socket = directory.path("system.sock");
    return environment;
}

void touch(const std::string& path) {
    std::ofstream file(path);
}

}  // namespace

TEST_CASE("what is named more closely counts more") {
    const TemporaryDirectory directory;
    Environment environment = empty_environment(directory);
    touch(directory.path("genspool.sock"));
    CHECK(find_daemon("", environment).socket_path == directory.path("genspool.sock"));

    environment.url = "http://localhost:99";
    environment.token = "secret";
    CHECK(find_daemon("", environment).host == "localhost");

    environment.socket = "/a";
    CHECK(find_daemon("", environment).socket_path == "/a");
    CHECK(find_daemon("/b", environment).socket_path == "/b");
}

TEST_CASE("a URL gives host, port and token") {
    const TemporaryDirectory directory;
    Environment environment = empty_environment(directory);
    environment.token = "secret";
    environment.url = "http://[::1]:8080/";
    const auto address = find_daemon("", environment);
    CHECK(address.socket_path.empty());
    CHECK(address.host == "::1");
    CHECK(address.port == "8080");
    CHECK(address.token == "secret");

    environment.url = "http://box";
    CHECK(find_daemon("", environment).port == "7788");
    environment.url = "https://box";
    CHECK_THROWS_AS(find_daemon("", environment), CommandFailed);
    environment.url = "box:7788";
    CHECK_THROWS_AS(find_daemon("", environment), CommandFailed);
}

TEST_CASE("the system's socket serves where the user has none") {
    const TemporaryDirectory directory;
    const Environment environment = empty_environment(directory);
    touch(directory.path("system.sock"));
    CHECK(find_daemon("", environment).socket_path == directory.path("system.sock"));
}

TEST_CASE("where there is no daemon, it says what was tried and what to do") {
    const TemporaryDirectory directory;
    try {
        find_daemon("", empty_environment(directory));
        FAIL("found one");
    } catch (const CommandFailed& failure) {
        const std::string line = failure.what();
        CHECK(failure.exit() == Exit::unreachable);
        CHECK(line.find(directory.path("genspool.sock")) != std::string::npos);
        CHECK(line.find(directory.path("system.sock")) != std::string::npos);
        CHECK(line.find("--socket") != std::string::npos);
    }
}
