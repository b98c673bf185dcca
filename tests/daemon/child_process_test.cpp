#include "daemon/hooks/child_process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/await.hpp"
#include "tests/support/temporary_directory.hpp"
#include "workers/real_clock.hpp"
#include "workers/task_group.hpp"

using namespace genspool;
using namespace genspool::daemon;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

asio::awaitable<void> keep(asio::any_io_executor executor, workers::Clock& clock,
                           hooks::ChildSetup setup, std::string& said) {
    said = co_await hooks::run_child(executor, clock, std::move(setup));
}

/// Runs it on a loop of its own; what it says of its end.
std::string run(hooks::ChildSetup setup) {
    asio::io_context io;
    workers::RealClock clock(io.get_executor(), {});
    std::string said = "(nothing)";
    asio::co_spawn(io, keep(io.get_executor(), clock, std::move(setup), said),
                   [](const std::exception_ptr& error) { CHECK(error == nullptr); });
    io.run();
    return said;
}

hooks::ChildSetup shell(const std::string& script) {
    hooks::ChildSetup setup;
    setup.command = {"/bin/sh", "-c", script};
    return setup;
}

std::string content(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("a command has its input and its environment, and nothing of ours") {
    const tests::TemporaryDirectory directory;
    const std::string out = directory.path("out");
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int ours = fcntl(null, F_DUPFD, 100);  // not closed on exec
    REQUIRE(ours >= 100);
    hooks::ChildSetup setup =
        shell("cat > \"$OUT\"; env >> \"$OUT\"; ls /proc/self/fd >> \"$OUT\"");
    setup.environment = {"OUT=" + out, "PATH=/usr/bin:/bin", "GENSPOOL_STATE=a b"};
    setup.input = std::string(100'000, 'x') + "\n";
    CHECK(run(setup).empty());
    close(ours);
    close(null);

    const std::string text = content(out);
    CHECK(text.starts_with(setup.input));
    CHECK(text.find("GENSPOOL_STATE=a b\n") != std::string::npos);
    CHECK(text.find("HOME=") == std::string::npos);
    CHECK(text.find("\n" + std::to_string(ours) + "\n") == std::string::npos);
}

TEST_CASE("how a command ended is told") {
    CHECK(run(shell("exit 0")).empty());
    CHECK(run(shell("exit 3")) == "it ended with exit code 3");
    CHECK(run(shell("kill -9 $$")) == "it was ended by signal 9");
    hooks::ChildSetup missing;
    missing.command = {"/nowhere/to/be/found"};
    CHECK(run(missing) == "it could not be run: No such file or directory");
}

TEST_CASE("a command whose end nobody can learn has not taken it") {
    const auto before = std::signal(SIGCHLD, SIG_IGN);
    const std::string said = run(shell("exit 3"));
    std::signal(SIGCHLD, before);
    CHECK(said == "how it ended could not be learned: No child processes");
}

TEST_CASE("a command that takes too long is ended, with all that it has begun") {
    const tests::TemporaryDirectory directory;
    const std::string pids = directory.path("pids");
    std::string command;
    SUBCASE("though it will not listen") {
        command = "trap '' TERM; sleep 1000 & echo $! > ";
    }
    SUBCASE("though what it has begun will not listen") {
        command = "(trap '' TERM; exec sleep 1000) & echo $! > ";
    }
    hooks::ChildSetup setup = shell(command + pids + "; wait");
    setup.timeout = 200ms;
    CHECK(run(setup) == "it took longer than 200ms");
    const int grandchild = std::stoi(content(pids));
    tests::await("the end of what it has begun", [&] {
        // Whoever inherits it may not reap it.
        const std::string status = content("/proc/" + std::to_string(grandchild) + "/status");
        return status.empty() || status.find("State:\tZ") != std::string::npos;
    });
}

TEST_CASE("a command is ended when nobody waits for it any more") {
    asio::io_context io;
    workers::RealClock clock(io.get_executor(), {});
    std::string said;
    workers::TaskGroup group(io.get_executor(), [](std::string_view, const std::exception_ptr&) {
        FAIL_CHECK("it threw");
    });
    hooks::ChildSetup setup = shell("sleep 1000");
    setup.timeout = 1h;
    group.spawn("child", keep(io.get_executor(), clock, setup, said));
    io.poll();
    group.cancel_all();
    io.run();
    CHECK_FALSE(said.empty());
    CHECK(group.size() == 0);
}
