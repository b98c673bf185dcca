#include "daemon/commit_feed.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>

#include "workers/task_group.hpp"

using namespace genspool;

namespace {

namespace asio = boost::asio;

asio::awaitable<void> wait(daemon::CommitFeed& feed, proto::EventSeq seen,
                           std::optional<bool>& came) {
    came = co_await feed.wait_past(seen, std::chrono::hours{1});
}

}  // namespace

TEST_CASE("a wake for an event already seen does not end the wait for the next") {
    asio::io_context io;
    daemon::CommitFeed feed(io.get_executor(), {1});
    workers::TaskGroup group(io.get_executor(), {});
    std::optional<bool> behind;
    std::optional<bool> level;
    group.spawn("behind", wait(feed, {1}, behind));
    feed.committed({2});
    // It begins to wait before the wake for event 2, which it has read, has come through.
    group.spawn("level", wait(feed, {2}, level));

    io.poll();

    CHECK(behind == true);
    CHECK_FALSE(level.has_value());
    feed.committed({3});
    io.restart();
    io.poll();
    CHECK(level == true);
}

TEST_CASE("a closed feed and a cancelled waiter end the wait") {
    asio::io_context io;
    daemon::CommitFeed feed(io.get_executor(), {1});
    workers::TaskGroup cancelled(io.get_executor(), {});
    workers::TaskGroup closed(io.get_executor(), {});
    std::optional<bool> first;
    std::optional<bool> second;
    cancelled.spawn("first", wait(feed, {1}, first));
    closed.spawn("second", wait(feed, {1}, second));

    cancelled.cancel_all();
    io.poll();
    CHECK(first == false);
    CHECK_FALSE(second.has_value());
    feed.close();
    io.restart();
    io.poll();
    CHECK(second == false);
}
