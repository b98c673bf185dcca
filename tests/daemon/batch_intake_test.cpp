#include "daemon/batch_intake.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <functional>

#include "daemon/config.hpp"
#include "proto/minimax/provider.hpp"
#include "tests/daemon/running_daemon.hpp"
#include "tests/daemon/watched_queue.hpp"
#include "tests/support/run.hpp"
#include "tests/support/sim_clock.hpp"
#include "workers/http_client.hpp"
#include "workers/local_files.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

namespace asio = boost::asio;

/// What the API's handlers work with, on a queue in memory.
struct IntakeWorld {
    asio::io_context io;
    SimClock clock{io, proto::Instant(std::chrono::milliseconds{1'800'000'000'000})};
    TemporaryDirectory directory;
    daemon::Config config;
    proto::Registry registry{{&proto::minimax_provider()}};
    daemon::Admission admission{registry, config};
    daemon::CommitFeed feed{io.get_executor(), {0}};
    WatchedQueue queue{feed};
    workers::QueueLine line{io.get_executor(), queue};
    daemon::JobWaits waits{io.get_executor(), queue, feed};
    workers::FilePool pool{1};
    workers::LocalRoot artifacts{directory.path(), workers::Resolve::automatic};
    workers::LocalFiles files{pool, directory.path(), {}};
    workers::BlobStore blobs{io.get_executor(), line, clock, files};
    workers::HttpClient http{io.get_executor(), {}};
    workers::RemoteCalls remote{io.get_executor(), http, {}};
    bool stopping = false;
    daemon::Api api{config,
                    admission,
                    queue,
                    line,
                    clock,
                    feed,
                    waits,
                    pool,
                    blobs,
                    remote,
                    registry,
                    artifacts,
                    directory.path(),
                    clock.now(),
                    stopping};

    daemon::BatchIntake intake() {
        daemon::Caller caller;
        caller.principal = "uid:1000";
        return daemon::BatchIntake(api, caller, {});
    }

    std::size_t batches(bool unsealed) {
        std::size_t count = 0;
        queue.read([&](const queue::Reader& reader) {
            count = reader.list_batches({}, 10, unsealed).size();
        });
        return count;
    }
};

queue::Idempotency key_of(char body) {
    return daemon::Admission::idempotency("uid:1000", "a key", std::string(32, body));
}

daemon::Piece piece(std::uint64_t number, const std::string& text) {
    daemon::Piece piece;
    piece.number = number;
    piece.text = text;
    return piece;
}

/// Two uploads with one key, side by side: both are opened before the first of them is sealed.
asio::awaitable<void> upload_both(daemon::BatchIntake& one, daemon::BatchIntake& two, char second,
                                  daemon::Reply& first_reply, daemon::Reply& second_reply) {
    std::optional<queue::Idempotency> first_key = key_of('a');
    std::optional<queue::Idempotency> second_key = key_of(second);
    const auto ended_one = co_await one.open(std::move(first_key));
    const auto ended_two = co_await two.open(std::move(second_key));
    CHECK_FALSE(ended_one);
    CHECK_FALSE(ended_two);
    for (daemon::BatchIntake* const each : {&one, &two}) {
        each->add(piece(1, video_text("first")));
        each->add(piece(2, "no job"));
    }
    first_reply = co_await one.finish(std::string());
    second_reply = co_await two.finish(std::string());
}

}  // namespace

TEST_CASE("of two uploads at once with one key and one body, both are answered with one batch") {
    IntakeWorld world;
    auto one = world.intake();
    auto two = world.intake();
    daemon::Reply first;
    daemon::Reply second;

    run(world.io, upload_both(one, two, 'a', first, second));

    CHECK(first.status == 202);
    CHECK(second.status == 200);
    CHECK(second.body == first.body);
    CHECK(second.body.find("\"line\":2") != std::string::npos);
    CHECK(world.batches(false) == 1);
    world.queue.execute(queue::Tick{}, {});
    CHECK(world.batches(true) == 1);
}

TEST_CASE("of two uploads at once with one key and two bodies, the later one is refused") {
    IntakeWorld world;
    auto one = world.intake();
    auto two = world.intake();
    daemon::Reply first;
    daemon::Reply second;

    run(world.io, upload_both(one, two, 'b', first, second));

    CHECK(first.status == 202);
    CHECK(second.status == 422);
    CHECK(world.batches(false) == 1);
    world.queue.execute(queue::Tick{}, {});
    CHECK(world.batches(true) == 1);
}
