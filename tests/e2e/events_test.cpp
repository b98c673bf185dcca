// The event stream: whoever follows it misses nothing and sees nothing twice, kills included.
#include <doctest/doctest.h>

#include <atomic>
#include <boost/json.hpp>
#include <csignal>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "cli/event_reading.hpp"
#include "tests/e2e/workplace.hpp"
#include "tests/support/await.hpp"
#include "tests/support/places.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

/// Follows the stream in a thread of its own, and goes on with Last-Event-ID whenever it is cut.
class Follower {
public:
    explicit Follower(Api api) : api_(std::move(api)), thread_([this] { follow(); }) {}
    /// Should the test have failed, the next sign of life from the daemon, or its end, ends it.
    ~Follower() {
        last_ = 0;
        thread_.join();
    }

    /// It leaves at the first event at or past this one.
    void leave_at(std::uint64_t event) { last_ = event; }
    std::uint64_t seen() const { return seen_; }

    std::vector<std::uint64_t> join() {
        thread_.join();
        thread_ = std::thread([] {});
        return numbers_;
    }

private:
    void follow() {
        while (seen_ < last_)
            read_once();
    }

    void read_once() {
        cli::EventReading reading;
        cli::HttpCall call;
        call.target = "/v1/events";
        call.headers.emplace_back("Last-Event-ID", std::to_string(seen_.load()));
        call.sink = [&](std::string_view bytes) {
            reading.feed(bytes);
            while (const auto event = reading.next()) {
                const auto shown = boost::json::parse(event->data);
                seen_ = shown.at("seq").to_number<std::uint64_t>();
                CHECK(event->id == std::to_string(seen_));
                numbers_.push_back(seen_);
            }
            return seen_ < last_;
        };
        // Cut off or not there at the moment: tried again.
        if (api_.call(call).status == 0) std::this_thread::yield();
    }

    Api api_;
    std::atomic<std::uint64_t> last_ = UINT64_MAX;
    std::atomic<std::uint64_t> seen_ = 0;
    std::vector<std::uint64_t> numbers_;
    std::thread thread_;
};

std::vector<std::uint64_t> one_to(std::uint64_t last) {
    std::vector<std::uint64_t> numbers(last);
    std::iota(numbers.begin(), numbers.end(), 1);
    return numbers;
}

std::uint64_t last_event(const DaemonProgram& daemon) {
    return daemon.api().get("/v1/stats").body.at("last_event").to_number<std::uint64_t>();
}

void order_images(const Workplace& work) {
    for (int n = 0; n < 5; ++n)
        work.submit("image", "picture " + std::to_string(n));
}

}  // namespace

TEST_CASE("a follower that is cut off by kills goes on where it was") {
    Workplace work;
    REQUIRE(work.daemon.start());
    Follower follower(work.daemon.api());
    for (int life = 0; life < 3; ++life) {
        order_images(work);
        await("events to be seen", [&] { return follower.seen() >= last_event(work.daemon); });
        order_images(work);
        work.daemon.kill();
        REQUIRE(work.daemon.start());
    }
    work.daemon.await_quiet();
    const std::uint64_t last = last_event(work.daemon);
    await("all but one to be seen", [&] { return follower.seen() == last; });
    follower.leave_at(last + 1);
    order_images(work);
    const auto numbers = follower.join();
    REQUIRE(numbers.size() > last);
    CHECK(numbers == one_to(numbers.size()));
}

TEST_CASE("genspool events -f outlives a restart of the daemon") {
    Workplace work;
    REQUIRE(work.daemon.start());
    ProcessOptions options;
    options.command = {program("genspool"), "events", "-f", "--after", "0", "--json"};
    options.environment = {"GENSPOOL_SOCKET=" + work.daemon.socket()};
    options.output = work.directory.path("events");
    options.errors = work.directory.path("trouble");
    Process client(options);
    order_images(work);
    await("an event to be printed", [&] { return !read_lines(options.output).empty(); });
    CHECK(work.daemon.stop() == 0);
    REQUIRE(work.daemon.start());
    order_images(work);
    work.daemon.await_quiet();
    const std::uint64_t last = last_event(work.daemon);
    await("all events to be printed", [&] { return read_lines(options.output).size() >= last; });
    std::vector<std::uint64_t> numbers;
    for (const std::string& line : read_lines(options.output))
        numbers.push_back(boost::json::parse(line).at("seq").to_number<std::uint64_t>());
    CHECK(numbers == one_to(last));
    CHECK(client.running());
}
