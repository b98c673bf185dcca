#include "daemon/paced_queue.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <vector>

#include "tests/daemon/watched_queue.hpp"

using namespace genspool;
using namespace genspool::tests;

TEST_CASE("only so many reads are with the queue at a time, and all of them come in order") {
    boost::asio::io_context io;
    daemon::CommitFeed feed(io.get_executor(), {0});
    WatchedQueue queue(feed);
    queue.hold();
    daemon::PacedQueue paced(io.get_executor(), queue, 2);
    std::vector<int> seen;
    for (int n = 0; n < 7; ++n)
        paced.read([&seen, n](const queue::Reader&) { seen.push_back(n); });
    CHECK(queue.reads() == 2);

    queue.release();
    CHECK(seen == std::vector{0, 1});
    CHECK(queue.reads() == 2);
    io.run();

    CHECK(seen == std::vector{0, 1, 2, 3, 4, 5, 6});
    // There is room again.
    queue.hold();
    for (int n = 0; n < 3; ++n)
        paced.read([](const queue::Reader&) {});
    CHECK(queue.reads() == 9);
    queue.release();
}
