#include "workers/task_group.hpp"

#include <doctest/doctest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include <vector>

#include "tests/support/run.hpp"
#include "tests/support/sim_clock.hpp"

namespace asio = boost::asio;
using genspool::proto::Instant;
using genspool::tests::run;
using genspool::tests::SimClock;
using genspool::workers::TaskGroup;
using namespace std::chrono_literals;

namespace {

struct World {
    asio::io_context io;
    SimClock clock{io, Instant{1'000'000ms}};
    std::vector<std::string> errors;
    TaskGroup group{io.get_executor(), [this](std::string_view name, std::exception_ptr error) {
                        try {
                            std::rethrow_exception(error);
                        } catch (const std::exception& thrown) {
                            errors.push_back(std::string(name) + ": " + thrown.what());
                        }
                    }};
};

asio::awaitable<void> sleep(SimClock& clock, Instant due, std::vector<bool>& outcomes) {
    const bool woken = co_await clock.sleep_until(due);
    outcomes.push_back(woken);
}

asio::awaitable<void> fail() {
    auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    throw std::runtime_error("broken");
}

asio::awaitable<void> wait_raw() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_at(asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> join(TaskGroup& group, bool& joined) {
    co_await group.join();
    joined = true;
}

}  // namespace

TEST_CASE("a group is joined only when its last task has ended") {
    World world;
    std::vector<bool> outcomes;
    bool joined = false;
    world.group.spawn("early", sleep(world.clock, world.clock.now() + 1s, outcomes));
    world.group.spawn("late", sleep(world.clock, world.clock.now() + 2s, outcomes));
    CHECK(world.group.size() == 2);
    asio::co_spawn(world.io, join(world.group, joined), [](std::exception_ptr) {});

    world.clock.advance(1s);
    CHECK_FALSE(joined);

    world.clock.advance(1s);
    CHECK(joined);
    CHECK(world.group.size() == 0);
    CHECK(outcomes == std::vector<bool>{true, true});
}

TEST_CASE("cancelling a group ends its sleepers early, and that is no error") {
    World world;
    std::vector<bool> outcomes;
    world.group.spawn("sleeper", sleep(world.clock, genspool::proto::never, outcomes));
    world.group.spawn("raw wait", wait_raw());
    world.clock.settle();

    world.group.cancel_all();
    run(world.io, world.group.join());

    CHECK(outcomes == std::vector<bool>{false});
    CHECK(world.errors.empty());
    CHECK(world.group.cancelled());
}

TEST_CASE("what a task throws is reported with its name") {
    World world;
    world.group.spawn("worker 7", fail());

    run(world.io, world.group.join());

    CHECK(world.errors == std::vector<std::string>{"worker 7: broken"});
}

TEST_CASE("joining goes on although the joiner is cancelled") {
    World world;
    std::vector<bool> outcomes;
    bool joined = false;
    TaskGroup outer(world.io.get_executor(), [](std::string_view, std::exception_ptr) {});
    world.group.spawn("sleeper", sleep(world.clock, world.clock.now() + 5s, outcomes));
    outer.spawn("joiner", join(world.group, joined));

    outer.cancel_all();
    world.clock.settle();
    CHECK_FALSE(joined);

    world.clock.run();
    CHECK(joined);
    CHECK(outer.size() == 0);
    CHECK(outcomes == std::vector<bool>{true});
}
