#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <string>
#include <vector>

#include "tests/support/run.hpp"
#include "tests/support/sim_clock.hpp"
#include "workers/real_clock.hpp"
#include "workers/task_group.hpp"

namespace asio = boost::asio;
using genspool::proto::Instant;
using genspool::tests::SimClock;
using genspool::workers::Clock;
using genspool::workers::RealClock;
using genspool::workers::TaskGroup;
using namespace std::chrono_literals;

namespace {

using Journal = std::vector<std::string>;

asio::awaitable<void> note(Clock& clock, Instant due, std::string name, Journal& journal) {
    const bool woken = co_await clock.sleep_until(due);
    journal.push_back(name + (woken ? "" : " cancelled"));
}

asio::awaitable<void> tick(SimClock& clock, int count, std::vector<Instant>& seen) {
    for (int i = 0; i < count; ++i) {
        const Instant due = clock.now() + 10s;
        co_await clock.sleep_until(due);
        seen.push_back(clock.now());
    }
}

asio::awaitable<void> sleep_twice(Clock& clock, Journal& journal) {
    const bool first = co_await clock.sleep_until(genspool::proto::never);
    const bool second = co_await clock.sleep_until(genspool::proto::never);
    journal.push_back(first || second ? "woken" : "cancelled twice");
}

TaskGroup::OnError fail_the_case() {
    return [](std::string_view name, std::exception_ptr) { FAIL_CHECK("thrown in " << name); };
}

}  // namespace

TEST_CASE("sleepers wake in the order of their moments, and of their arrival where these agree") {
    asio::io_context io;
    SimClock clock(io, Instant{0ms});
    TaskGroup group(io.get_executor(), fail_the_case());
    Journal journal;
    group.spawn("c", note(clock, Instant{3s}, "c", journal));
    group.spawn("a", note(clock, Instant{1s}, "a", journal));
    group.spawn("b1", note(clock, Instant{2s}, "b1", journal));
    group.spawn("b2", note(clock, Instant{2s}, "b2", journal));

    clock.run();

    CHECK(journal == Journal{"a", "b1", "b2", "c"});
    CHECK(clock.now() == Instant{3s});
}

TEST_CASE("simulated time passes only as far as asked") {
    asio::io_context io;
    SimClock clock(io, Instant{0ms});
    TaskGroup group(io.get_executor(), fail_the_case());
    std::vector<Instant> seen;
    group.spawn("ticks", tick(clock, 5, seen));

    clock.advance_to(Instant{25s});
    CHECK(seen == std::vector<Instant>{Instant{10s}, Instant{20s}});
    CHECK(clock.now() == Instant{25s});

    CHECK(clock.run_until([&] { return seen.size() == 4; }));
    CHECK(clock.now() == Instant{40s});
    clock.run();
    CHECK(group.size() == 0);
}

TEST_CASE("a jump of the wall clock makes sleepers overdue, and time does not go back for them") {
    asio::io_context io;
    SimClock clock(io, Instant{0ms});
    TaskGroup group(io.get_executor(), fail_the_case());
    Journal journal;
    group.spawn("a", note(clock, Instant{1h}, "a", journal));
    group.spawn("b", note(clock, Instant{9h}, "b", journal));

    clock.settle();
    clock.jump(8h);
    clock.settle();
    CHECK(journal.empty());

    CHECK(clock.step());
    clock.settle();
    CHECK(journal == Journal{"a"});
    CHECK(clock.now() == Instant{8h});

    clock.jump(-2h);
    clock.run();
    CHECK(clock.now() == Instant{9h});
}

TEST_CASE("who waits for never is left alone until cancelled, then each sleep ends at once") {
    asio::io_context io;
    SimClock clock(io, Instant{0ms});
    TaskGroup group(io.get_executor(), fail_the_case());
    Journal journal;
    group.spawn("forever", sleep_twice(clock, journal));

    clock.run();
    CHECK(journal.empty());
    CHECK(clock.now() == Instant{0ms});

    group.cancel_all();
    clock.run();
    CHECK(journal == Journal{"cancelled twice"});
}

TEST_CASE("the real clock wakes its sleepers in order and lets the loop end") {
    asio::io_context io;
    RealClock clock(io.get_executor());
    TaskGroup group(io.get_executor(), fail_the_case());
    Journal journal;
    const Instant start = clock.now();
    group.spawn("later", note(clock, start + 20ms, "later", journal));
    group.spawn("sooner", note(clock, start + 5ms, "sooner", journal));
    group.spawn("past", note(clock, start - 1h, "past", journal));

    io.run();

    CHECK(journal == Journal{"past", "sooner", "later"});
    CHECK(clock.now() >= start + 20ms);
}

TEST_CASE("a cancelled sleeper of the real clock does not keep the loop busy") {
    asio::io_context io;
    RealClock clock(io.get_executor());
    TaskGroup group(io.get_executor(), fail_the_case());
    Journal journal;
    group.spawn("forever", sleep_twice(clock, journal));
    io.poll();

    group.cancel_all();
    io.run();

    CHECK(journal == Journal{"cancelled twice"});
}
