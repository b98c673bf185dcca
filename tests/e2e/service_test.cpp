// What the daemon and a service manager say to each other.
#include <doctest/doctest.h>

#include <boost/asio.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "tests/e2e/workplace.hpp"
#include "tests/programs/held_socket.hpp"
#include "tests/programs/notify_socket.hpp"
#include "tests/support/await.hpp"
#include "tests/support/places.hpp"

using namespace genspool::tests;

namespace {

namespace asio = boost::asio;

std::string read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A client that has sent its question, to a socket at which nobody may answer yet.
class WaitingClient {
public:
    WaitingClient(const std::string& path, const std::string& target) {
        socket_.connect(path);
        const std::string head = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n";
        asio::write(socket_, asio::buffer(head + "Connection: close\r\n\r\n"));
    }

    std::string answer() {
        std::string all;
        boost::system::error_code end;
        asio::read(socket_, asio::dynamic_buffer(all), end);
        return all;
    }

private:
    asio::io_context io_;
    asio::local::stream_protocol::socket socket_{io_};
};

/// A daemon under the eyes of a service manager.
struct Service {
    explicit Service(const std::string& watchdog_micros = {})
        : notify(place.path("notify")), work({"--latency", "0"}, settings(watchdog_micros)) {
        work.daemon.start();
        ready = notify.await_word("READY=1");
    }

    DaemonSettings settings(const std::string& watchdog_micros) const {
        DaemonSettings all;
        all.environment = {"NOTIFY_SOCKET=" + place.path("notify")};
        if (!watchdog_micros.empty())
            all.environment.push_back("WATCHDOG_USEC=" + watchdog_micros);
        return all;
    }

    std::string config() const { return read(work.daemon.config()); }

    /// What was said first and last of a reload with this configuration.
    std::pair<std::string, std::string> reload(const std::string& config) {
        const std::size_t before = notify.heard().size();
        std::ofstream(work.daemon.config()) << config;
        work.daemon.process().signal(SIGHUP);
        const std::size_t begun = notify.await_word("RELOADING=1", before);
        const std::size_t done = notify.await_word("READY=1", begun);
        return {notify.heard().at(begun), notify.heard().at(done)};
    }

    TemporaryDirectory place;
    NotifySocket notify;
    Workplace work;
    std::size_t ready = 0;
};

}  // namespace

TEST_CASE("the service manager is told of the start, and how many jobs there are") {
    Service service;
    service.notify.await_status("0 waiting, 0 under way, 0 held; 1 account");
    CHECK(service.notify.count("WATCHDOG=1") == 0);  // nobody asked for it

    const Api api = service.work.daemon.api();
    REQUIRE(api.post("/v1/queue/pause", R"({"reason":"lunch"})").status == 200);
    service.work.submit("image", "a kite");
    service.notify.await_status("paused (lunch); 1 waiting");
}

TEST_CASE("a reload is announced with its time, and its end told, also where it is refused") {
    Service service;
    const std::string config = service.config();
    const auto [begun, done] = service.reload(config);
    const std::string mark = "RELOADING=1\nMONOTONIC_USEC=";
    REQUIRE(begun.starts_with(mark));
    CHECK(std::stoull(begun.substr(mark.size())) > 0);
    CHECK(done == "READY=1");

    service.reload("[retry]\nbase = \"soon\"\n");
    service.notify.await_status("the last reload was refused: ");
    service.notify.await_status(":2: retry.base");
    service.reload("[retention]\njobs = \"1d\"\n" + config);
    service.notify.await_status("a restart is needed for retention.jobs; ");
    service.reload(config);
    service.notify.await_status("STATUS=0 waiting");
}

TEST_CASE("the watchdog is fed again and again, also while a stop waits for the wire") {
    Service service("200000");
    service.notify.await_word("WATCHDOG=1", service.ready);
    await("three meals", [&] { return service.notify.count("WATCHDOG=1") >= 3; });

    service.work.submit("music", "a song [[slow:3600]]");
    await("the request to be with the upstream",
          [&] { return service.work.simulator.purchases().size() == 1; });
    service.work.daemon.process().signal(SIGTERM);
    const std::size_t stopping = service.notify.await_word("STOPPING=1");
    service.notify.await_status("stopping; paid requests on the wire: 1; ");
    service.notify.await_word("EXTEND_TIMEOUT_USEC=", stopping);
    service.notify.await_word("WATCHDOG=1", stopping);
    service.work.daemon.process().signal(SIGTERM);
    CHECK(service.work.daemon.process().wait_for(std::chrono::minutes(1)) == 0);
}

TEST_CASE("with a socket that is handed over, clients wait out a restart and nobody is refused") {
    Workplace work;
    const HeldSocket held(work.daemon.socket());
    work.daemon.launch_with(held.launcher());
    REQUIRE(work.daemon.start());
    const std::string song = work.submit("music", "a song");
    CHECK(work.daemon.stop() == 0);

    WaitingClient client(work.daemon.socket(), "/v1/jobs/" + song);
    REQUIRE(work.daemon.start());
    const std::string answer = client.answer();
    CHECK(answer.starts_with("HTTP/1.1 200 "));
    CHECK(answer.find(song) != answer.npos);
    CHECK(work.daemon.stop() == 0);
    CHECK(std::filesystem::is_socket(work.daemon.socket()));  // it is not the daemon's to remove
}

TEST_CASE("more than one socket handed over is a mistake that is named") {
    const Workplace work;
    const HeldSocket held(work.daemon.socket());
    ProcessOptions options;
    options.command = held.launcher(2);
    options.command.insert(options.command.end(),
                           {program("genspoold"), "--config", work.daemon.config()});
    options.environment = {"GENSPOOL_TEST_KEY=sk-of-this-test"};
    options.output = work.directory.path("output");
    CHECK(Process(options).wait() == 1);
    CHECK(read(options.output).find("systemd handed over more than one socket") !=
          std::string::npos);
}
