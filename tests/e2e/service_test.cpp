// What the daemon and a service manager say to each other.
#include <doctest/doctest.h>

#include <boost/asio.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

/// genspoold with the configuration of this place. `launcher`: a command that its own follows.
std::unique_ptr<Process> start(const Workplace& place, std::vector<std::string> launcher,
                               const std::vector<std::string>& environment) {
    ProcessOptions options;
    options.command = std::move(launcher);
    options.command.insert(options.command.end(),
                           {program("genspoold"), "--config", place.daemon.config()});
    options.environment = environment;
    options.environment.emplace_back("GENSPOOL_TEST_KEY=sk-of-this-test");
    options.output = place.directory.path("output");
    return std::make_unique<Process>(options);
}

int stop(Process& daemon) {
    daemon.signal(SIGTERM);
    return daemon.wait();
}

/// A daemon under the eyes of a service manager.
struct Service {
    explicit Service(std::vector<std::string> environment = {}) {
        environment.push_back("NOTIFY_SOCKET=" + place.directory.path("notify"));
        daemon = start(place, {}, environment);
        ready = notify.await_word("READY=1");
    }
    ~Service() {
        daemon.reset();
        place.daemon.check_state();
    }
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// What was said first and last of a reload with this configuration.
    std::pair<std::string, std::string> reload(const std::string& config) {
        const std::size_t before = notify.heard().size();
        std::ofstream(place.daemon.config()) << config;
        daemon->signal(SIGHUP);
        const std::size_t begun = notify.await_word("RELOADING=1", before);
        const std::size_t done = notify.await_word("READY=1", begun);
        return {notify.heard().at(begun), notify.heard().at(done)};
    }

    Workplace place{{"--latency", "0"}};
    NotifySocket notify{place.directory.path("notify")};
    std::unique_ptr<Process> daemon;
    std::size_t ready = 0;
};

}  // namespace

TEST_CASE("the service manager is told of the start, and how many jobs there are") {
    Service service;
    service.notify.await_status("0 waiting, 0 under way, 0 held; 1 account");
    CHECK(service.notify.count("WATCHDOG=1") == 0);  // nobody asked for it

    const Api api = service.place.daemon.api();
    REQUIRE(api.post("/v1/queue/pause", R"({"reason":"lunch"})").status == 200);
    service.place.submit("image", "a kite");
    service.notify.await_status("paused (lunch); 1 waiting");
}

TEST_CASE("a reload is announced with its time, and its end told, also where it is refused") {
    Service service;
    const std::string config = read(service.place.daemon.config());
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
    Service service({"WATCHDOG_USEC=200000"});
    service.notify.await_word("WATCHDOG=1", service.ready);
    await("three meals", [&] { return service.notify.count("WATCHDOG=1") >= 3; });

    service.place.submit("music", "a song [[slow:3600]]");
    await("the request to be with the upstream",
          [&] { return service.place.simulator.purchases().size() == 1; });
    service.daemon->signal(SIGTERM);
    const std::size_t stopping = service.notify.await_word("STOPPING=1");
    service.notify.await_status("stopping; paid requests on the wire: 1; ");
    service.notify.await_word("EXTEND_TIMEOUT_USEC=", stopping);
    service.notify.await_word("WATCHDOG=1", stopping);
    service.daemon->signal(SIGTERM);
    CHECK(service.daemon->wait_for(std::chrono::minutes(1)) == 0);
}

TEST_CASE("with a socket that is handed over, clients wait out a restart and nobody is refused") {
    const Workplace place;
    const HeldSocket held(place.daemon.socket());
    auto daemon = start(place, held.launcher(), {});
    const std::string song = place.submit("music", "a song");  // waits until it is answered
    CHECK(stop(*daemon) == 0);

    WaitingClient client(place.daemon.socket(), "/v1/jobs/" + song);
    daemon = start(place, held.launcher(), {});
    const std::string answer = client.answer();
    CHECK(answer.starts_with("HTTP/1.1 200 "));
    CHECK(answer.find(song) != answer.npos);
    CHECK(stop(*daemon) == 0);
    CHECK(std::filesystem::is_socket(place.daemon.socket()));  // it is not the daemon's to remove
    place.daemon.check_state();
}

TEST_CASE("a socket that is handed over and is not the configured one is warned of") {
    const Workplace place;
    const std::string elsewhere = place.directory.path("elsewhere");
    const auto warns_of = [&](const std::string& path) {
        const HeldSocket held(path);
        const auto daemon = start(place, held.launcher(), {});
        CHECK(WaitingClient(path, "/healthz").answer().starts_with("HTTP/1.1 200 "));
        CHECK(stop(*daemon) == 0);
        const std::string output = read(place.directory.path("output"));
        return output.find("socket_elsewhere socket=" + path +
                           " configured=" + place.daemon.socket()) != std::string::npos;
    };
    CHECK(warns_of(elsewhere));
    CHECK_FALSE(warns_of(place.daemon.socket()));
}

TEST_CASE("more than one socket handed over is a mistake that is named") {
    const Workplace place;
    const HeldSocket held(place.daemon.socket());
    CHECK(start(place, held.launcher(2), {})->wait() == 1);
    CHECK(read(place.directory.path("output")).find("systemd handed over more than one socket") !=
          std::string::npos);
}
