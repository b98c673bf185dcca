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

    CHECK_FALSE(address.tls);

    environment.url = "http://localhost";
    CHECK(find_daemon("", environment).port == "7788");
    environment.url = "https://box";
    environment.ca = "/etc/ca.pem";
    CHECK(find_daemon("", environment).tls);
    CHECK(find_daemon("", environment).ca_file == "/etc/ca.pem");
    for (const std::string bad : {"box:7788", "ftp://box", "https://", "https://ann:pw@box",
                                  "https://box/path", "https://box?q=1"}) {
        CAPTURE(bad);
        environment.url = bad;
        CHECK_THROWS_AS(find_daemon("", environment), CommandFailed);
    }
}

TEST_CASE("a token is not shown to the network, and is no way to smuggle a header") {
    const TemporaryDirectory directory;
    Environment environment = empty_environment(directory);
    environment.token = "secret";
    for (const std::string clear :
         {"http://box", "http://192.0.2.1:7788", "http://localhost.box"}) {
        CAPTURE(clear);
        environment.url = clear;
        CHECK_THROWS_AS(find_daemon("", environment), CommandFailed);
    }
    for (const std::string good : {"https://box", "http://127.0.0.2", "http://[::1]"}) {
        environment.url = good;
        CHECK(find_daemon("", environment).token == "secret");
    }
    environment.token = "secret\r\nX-Other: 1";
    CHECK_THROWS_AS(find_daemon("", environment), CommandFailed);
    environment.token.reset();
    environment.url = "http://box";
    CHECK(find_daemon("", environment).token.empty());
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
