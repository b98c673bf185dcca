#include "daemon/watchdog.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include "tests/daemon/watched_queue.hpp"
#include "tests/support/run.hpp"
#include "tests/support/sim_clock.hpp"
#include "workers/queue_line.hpp"

using namespace genspool;
using namespace genspool::tests;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;

constexpr proto::Duration pace = 30s;
constexpr proto::Instant start{std::chrono::milliseconds{1'800'000'000'000}};

asio::awaitable<daemon::StoreHealth> answer(const daemon::StoreHealth& health) {
    co_return health;
}

/// A watchdog over a queue that can be held up.
struct Kennel {
    explicit Kennel(daemon::Watchdog::Probe probe = {}) {
        if (!probe) probe = [this] { return daemon::probe_store(queue, line); };
        watchdog.emplace(clock, pace, std::move(probe), [this] { ++meals; });
        watchdog->start(group);
        clock.settle();
    }
    ~Kennel() {
        queue.release();
        group.cancel_all();
        clock.settle();
    }

    /// How often it is fed while so much time passes.
    int meals_in(proto::Duration span) {
        const int before = meals;
        clock.advance(span);
        return meals - before;
    }

    asio::io_context io;
    SimClock clock{io, start};
    daemon::CommitFeed feed{io.get_executor(), {0}};
    WatchedQueue queue{feed};
    workers::QueueLine line{io.get_executor(), queue};
    workers::TaskGroup group{io.get_executor(), {}};
    std::optional<daemon::Watchdog> watchdog;
    int meals = 0;
};

}  // namespace

TEST_CASE("the watchdog is fed at its pace while the store answers") {
    Kennel kennel;
    CHECK(kennel.meals == 1);
    CHECK(kennel.meals_in(1h) == 120);
}

TEST_CASE("a store that answers nothing is waited for a while, and then the watchdog starves") {
    Kennel kennel;
    kennel.queue.hold();
    CHECK(kennel.meals_in(daemon::Watchdog::patience - pace) >= 9);
    CHECK(kennel.meals_in(2 * pace) <= 2);
    CHECK(kennel.meals_in(1h) == 0);

    kennel.queue.release();
    kennel.clock.settle();
    CHECK(kennel.meals_in(1h) == 120);
}

TEST_CASE("a write stall shorter than the patience costs no meal") {
    Kennel kennel;
    kennel.queue.hold();
    CHECK(kennel.meals_in(daemon::Watchdog::patience / 2) == 5);
    kennel.queue.release();
    CHECK(kennel.meals_in(daemon::Watchdog::patience / 2) == 5);
}

TEST_CASE("a clock that jumps is no store that hangs") {
    Kennel kennel;
    kennel.clock.jump(24h);
    CHECK(kennel.meals_in(1h) >= 120);
}

TEST_CASE("a full disk is no reason to starve, a store that cannot be written is") {
    daemon::StoreHealth health = daemon::StoreHealth::full;
    Kennel kennel([&health] { return answer(health); });
    CHECK(kennel.meals_in(1h) == 120);
    health = daemon::StoreHealth::broken;
    kennel.clock.advance(daemon::Watchdog::patience);
    CHECK(kennel.meals_in(1h) == 0);
}

TEST_CASE("the probe writes, but not where the last room on the disk is for what was bought") {
    Kennel kennel;
    const auto commits = [&] {
        std::uint64_t count = 0;
        kennel.queue.read([&](const queue::Reader& reader) { count = reader.stats().commits; });
        return count;
    };
    const auto written = [&] {
        const std::uint64_t before = commits();
        kennel.clock.advance(10 * pace);
        return commits() - before;
    };
    CHECK(written() == 10);

    queue::SetDiskGate full;
    full.gate = queue::DiskGate::no_intake;
    kennel.queue.execute(full, {});
    CHECK(written() == 0);
    CHECK(kennel.meals_in(1h) == 120);
}
