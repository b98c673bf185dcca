#include "daemon/job_waits.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>

#include "tests/daemon/watched_queue.hpp"
#include "workers/task_group.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

namespace asio = boost::asio;

asio::awaitable<void> wait(daemon::JobWaits::Wait& wait, std::optional<bool>& told) {
    const bool rung = co_await wait.wait(std::chrono::hours{1});
    told = rung;
}

void settle(asio::io_context& io) {
    io.restart();
    io.poll();
}

}  // namespace

TEST_CASE("a wait is told when its job ends, and not when another does") {
    asio::io_context io;
    daemon::CommitFeed feed(io.get_executor(), {0});
    WatchedQueue queue(feed);
    daemon::JobWaits waits(io.get_executor(), queue, feed);
    workers::TaskGroup group(io.get_executor(), {});
    group.spawn("waits", waits.run());
    const proto::JobSeq job = queue.admit();
    const proto::JobSeq other = queue.admit();
    std::optional<bool> told;
    {
        daemon::JobWaits::Wait one(waits, job);
        group.spawn("one", wait(one, told));
        queue.cancel(other);
        settle(io);
        CHECK_FALSE(told);
        queue.cancel(job);
        settle(io);
        CHECK(told == true);
    }
    feed.close();
    waits.close();
    settle(io);
    CHECK(group.size() == 0);
}

TEST_CASE("a read of the log begins where it was asked to, whoever begins to wait meanwhile") {
    asio::io_context io;
    daemon::CommitFeed feed(io.get_executor(), {0});
    WatchedQueue queue(feed);
    daemon::JobWaits waits(io.get_executor(), queue, feed);
    workers::TaskGroup group(io.get_executor(), {});
    group.spawn("waits", waits.run());
    const proto::JobSeq job = queue.admit();
    queue.hold();
    std::optional<daemon::JobWaits::Wait> first;
    first.emplace(waits, job);
    settle(io);
    REQUIRE(queue.reads() == 1);
    queue.cancel(job);
    first.reset();
    {
        // It begins after the end of the job, and moves the place that the next read begins at.
        daemon::JobWaits::Wait second(waits, job);
        std::optional<bool> told;
        group.spawn("second", wait(second, told));
        queue.release();
        settle(io);
        CHECK(told == true);
        feed.close();
        waits.close();
        settle(io);
    }
    CHECK(group.size() == 0);
}
