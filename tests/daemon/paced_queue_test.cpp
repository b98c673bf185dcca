#include "daemon/paced_queue.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "tests/daemon/watched_queue.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

/// A queue that is held at first, behind a paced one.
struct PacedPlace {
    explicit PacedPlace(std::size_t reads_at_once)
        : paced(io.get_executor(), queue, reads_at_once) {
        queue.hold();
    }

    boost::asio::io_context io;
    daemon::CommitFeed feed{io.get_executor(), {0}};
    WatchedQueue queue{feed};
    daemon::PacedQueue paced;
};

}  // namespace

TEST_CASE("only so many reads are with the queue at a time, and one principal's come in order") {
    PacedPlace place(2);
    WatchedQueue& queue = place.queue;
    queue::Queue& reads = place.paced.of("uid:1");
    std::vector<int> seen;
    for (int n = 0; n < 7; ++n)
        reads.read([&seen, n](const queue::Reader&) { seen.push_back(n); });
    CHECK(queue.reads() == 2);

    queue.release();
    CHECK(seen == std::vector{0, 1});
    CHECK(queue.reads() == 2);
    place.io.run();

    CHECK(seen == std::vector{0, 1, 2, 3, 4, 5, 6});
    // There is room again.
    queue.hold();
    for (int n = 0; n < 3; ++n)
        reads.read([](const queue::Reader&) {});
    CHECK(queue.reads() == 9);
    queue.release();
}

TEST_CASE("whoever has many reads waiting delays nobody else by more than one of them") {
    PacedPlace place(1);
    std::string seen;
    const auto ask = [&](const std::string& principal) {
        place.paced.of(principal).read(
            [&seen, principal](const queue::Reader&) { seen += principal; });
    };
    for (int n = 0; n < 5; ++n)
        ask("a");
    ask("b");
    ask("c");
    ask("b");

    place.queue.release();
    place.io.run();

    CHECK(seen == "aabcabaa");
}
