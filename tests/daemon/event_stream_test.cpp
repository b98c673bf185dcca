#include "daemon/event_stream.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <string>

#include "tests/daemon/watched_queue.hpp"
#include "workers/task_group.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

namespace asio = boost::asio;

asio::awaitable<void> collect(daemon::EventStream& stream, std::string& text) {
    while (true) {
        const auto piece = co_await stream.next();
        if (!piece) co_return;
        text += *piece;
    }
}

/// Runs what is ready; false if there is no end of it.
bool settles(asio::io_context& io) {
    for (int handlers = 0; handlers < 1'000; ++handlers) {
        io.restart();
        if (io.poll_one() == 0) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("a stream of one quiet job rests while others are busy") {
    asio::io_context io;
    daemon::CommitFeed feed(io.get_executor(), {0});
    WatchedQueue queue(feed);
    const proto::JobSeq quiet = queue.admit();
    for (int i = 0; i < 3; ++i)
        queue.admit();
    daemon::EventSelection selection;
    selection.job = quiet;
    daemon::EventStream stream(queue, feed, selection);
    workers::TaskGroup group(io.get_executor(), {});
    std::string text;
    group.spawn("stream", collect(stream, text));

    CHECK(settles(io));
    const int reads = queue.reads();
    CHECK(reads <= 2);
    queue.admit();
    CHECK(settles(io));
    CHECK(queue.reads() == reads + 1);
    CHECK(text.find("\"to\":\"canceled\"") == std::string::npos);
    queue.cancel(quiet);
    CHECK(settles(io));
    CHECK(text.find("\"to\":\"canceled\"") != std::string::npos);

    feed.close();
    CHECK(settles(io));
    CHECK(group.size() == 0);
}

TEST_CASE("a stream with nothing to say says so, however busy others are") {
    asio::io_context io;
    daemon::CommitFeed feed(io.get_executor(), {0});
    WatchedQueue queue(feed);
    daemon::EventSelection selection;
    selection.job = queue.admit();
    daemon::EventStream stream(queue, feed, selection, std::chrono::milliseconds(20));
    workers::TaskGroup group(io.get_executor(), {});
    std::string text;
    group.spawn("stream", collect(stream, text));

    const auto said_so = [&] { return text.find(": still here") != std::string::npos; };
    for (int i = 0; i < 20'000 && !said_so(); ++i) {
        queue.admit();
        CHECK(settles(io));
    }
    CHECK(said_so());
    feed.close();
    CHECK(settles(io));
}
