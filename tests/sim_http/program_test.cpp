#include <doctest/doctest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "tests/simulator/command_line.hpp"
#include "tests/support/places.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace genspool::tests;
namespace sim = genspool::simulator;

namespace {

/// The program as a child of this test, ended with it.
class Program {
public:
    explicit Program(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), program("genspool-sim"));
        std::vector<char*> argv;
        for (auto& argument : arguments)
            argv.push_back(argument.data());
        argv.push_back(nullptr);
        REQUIRE(::posix_spawn(&pid_, argv[0], nullptr, nullptr, argv.data(), environ) == 0);
    }
    ~Program() {
        if (pid_ > 0) stop(SIGKILL);
    }

    /// Its exit code, or minus the signal that ended it.
    int stop(int signal) {
        ::kill(pid_, signal);
        return wait();
    }

    int wait() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

private:
    pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("genspool-sim tells its port and leaves at SIGTERM with 0") {
    const TemporaryDirectory directory;
    const auto port_file = directory.path("port");
    Program program({"--listen", "127.0.0.1:0", "--port-file", port_file, "--truth",
                     directory.path("truth"), "--fault", "refuse-1002=0.1", "--fault",
                     "reset-taken=0.1", "--limit", "video=3", "--size", "64K", "--latency", "0"});
    while (!std::filesystem::exists(port_file))
        std::this_thread::yield();
    int port = 0;
    std::ifstream(port_file) >> port;
    CHECK(port > 0);
    CHECK(program.stop(SIGTERM) == 0);
}

TEST_CASE("genspool-sim refuses what it does not understand") {
    CHECK(Program({"--fault", "nonsense=1"}).wait() != 0);
    CHECK(Program({"--latency", "soon"}).wait() != 0);
}

TEST_CASE("the words of the command line are read strictly") {
    sim::Duration span{0};
    CHECK_FALSE(sim::read_span("2.5", span));
    CHECK(span.count() == 2'500);
    CHECK_FALSE(sim::read_span("250ms", span));
    CHECK(span.count() == 250);
    CHECK_FALSE(sim::read_span("0", span));
    CHECK(span.count() == 0);
    CHECK(sim::read_span("-1", span));
    CHECK(sim::read_span("soon", span));

    sim::ServerOptions server;
    CHECK_FALSE(sim::read_listen("[::1]:80", server));
    CHECK(server.address == "::1");
    CHECK(server.port == 80);
    CHECK(sim::read_listen("127.0.0.1", server));
    CHECK(sim::read_listen("127.0.0.1:65536", server));

    std::array<std::uint32_t, sim::slot_class_count> limits{};
    CHECK_FALSE(sim::read_class_number("music=4", limits));
    CHECK(limits[static_cast<std::size_t>(sim::SlotClass::music)] == 4);
    CHECK(sim::read_class_number("dance=4", limits));
    CHECK(sim::read_class_number("music", limits));
    sim::FaultPlan faults;
    CHECK_FALSE(sim::read_fault("reset-taken=0.5", faults));
    CHECK(sim::read_fault("reset-taken", faults));
    CHECK(sim::read_fault("=1", faults));
}
