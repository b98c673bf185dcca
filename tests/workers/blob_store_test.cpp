#include "workers/blob_store.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <memory>

#include "tests/support/inline_queue.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/support/sim_files.hpp"
#include "workers/task_group.hpp"

using namespace genspool;
using namespace genspool::tests;
namespace asio = boost::asio;

namespace {

constexpr proto::Duration hour{3'600'000};
const std::string png = "\x89PNG\r\n\x1A\n of a fox";

/// Queue and files on one disk.
struct World {
    asio::io_context io;
    SimClock clock{io, proto::Instant(proto::Duration{1'800'000'000'000})};
    std::shared_ptr<ForgetfulDisk> disk = std::make_shared<ForgetfulDisk>();
    std::unique_ptr<InlineQueue> queue;
    std::unique_ptr<SimFiles> files;
    std::unique_ptr<workers::QueueLine> line;
    std::unique_ptr<workers::BlobStore> blobs;
    std::unique_ptr<workers::TaskGroup> tasks;

    World() { open(); }

    void open() {
        queue::QueueOptions options;
        options.retain_blobs = hour;
        queue = std::make_unique<InlineQueue>(disk, options, [this] { return clock.now(); }, 1);
        files = std::make_unique<SimFiles>(io, disk, "/state");
        line = std::make_unique<workers::QueueLine>(io.get_executor(), *queue);
        blobs = std::make_unique<workers::BlobStore>(io.get_executor(), *line, clock, *files);
        tasks = std::make_unique<workers::TaskGroup>(
            io.get_executor(), [](std::string_view, const std::exception_ptr&) {});
    }

    /// The power goes, and a new life begins.
    void cut() {
        disk->kill();
        run();
        tasks.reset();
        blobs.reset();
        line.reset();
        queue.reset();
        disk->power_cut();
        open();
    }

    void run() {
        io.restart();
        io.poll();
    }

    void sweep() {
        workers::TaskGroup sweeper(io.get_executor(),
                                   [](std::string_view, const std::exception_ptr&) {});
        sweeper.spawn("sweep", blobs->run());
        run();
        asio::post(io, [&sweeper] { sweeper.cancel_all(); });
        run();
    }

    bool is_kept(const std::string& sha256) {
        bool kept = false;
        queue->read(
            [&](const queue::Reader& reader) { kept = reader.find_blob(sha256).has_value(); });
        return kept;
    }

    std::vector<std::string> names() {
        std::vector<std::string> found;
        auto list = [&]() -> asio::awaitable<void> { found = co_await files->find("blobs", ""); };
        tasks->spawn("list", list());
        run();
        return found;
    }
};

asio::awaitable<void> arrive(World& world, std::string bytes, workers::BlobKept& kept) {
    workers::BlobArrival arrival(*world.blobs);
    std::string first = bytes.substr(0, 5);
    std::string second = bytes.substr(5);
    co_await arrival.append(std::move(first));
    co_await arrival.append(std::move(second));
    std::string said;
    kept = co_await arrival.keep(std::move(said));
}

workers::BlobKept hand_in(World& world, const std::string& bytes) {
    workers::BlobKept kept;
    world.tasks->spawn("arrive", arrive(world, bytes, kept));
    world.run();
    return kept;
}

}  // namespace

TEST_CASE("a file that was handed in lies under its hash, once") {
    World world;
    const auto kept = hand_in(world, png);
    CHECK_FALSE(kept.error);
    CHECK(kept.bytes == png.size());
    CHECK(kept.media_type == "image/png");
    CHECK(world.is_kept(kept.sha256));
    const std::string path = workers::blob_path(kept.sha256);
    CHECK(world.files->durable_now(path) == png);
    CHECK(hand_in(world, png).sha256 == kept.sha256);
    CHECK(world.names() == std::vector{path});
    world.sweep();
    CHECK(world.names() == std::vector{path});
}

TEST_CASE("a power cut at any step leaves a file that is kept whole, or nothing after a sweep") {
    std::size_t kept_before = 0;
    bool done = false;
    for (std::size_t steps = 0; !done; ++steps) {
        World world;
        workers::BlobKept kept;
        world.tasks->spawn("arrive", arrive(world, png, kept));
        std::size_t step = 0;
        while (step < steps && world.io.poll_one() != 0)
            ++step;
        done = step < steps;
        const bool acknowledged = kept.answer.errc == queue::Errc::ok && !kept.sha256.empty() &&
                                  kept.bytes == png.size() && done;
        world.cut();
        world.sweep();
        const auto names = world.names();
        if (acknowledged) ++kept_before;
        if (acknowledged) REQUIRE(names.size() == 1);
        // What the queue knows is there, acknowledged or not.
        const std::string sha256 = workers::sha256_hex(png);
        if (world.is_kept(sha256))
            CHECK(world.files->durable_now(workers::blob_path(sha256)) == png);
        for (const std::string& path : names) {
            CHECK(world.files->read_now(path).bytes == png);
            CHECK(world.is_kept(path.substr(path.rfind('/') + 1)));
        }
    }
    CHECK(kept_before == 1);
}

TEST_CASE("whatever call of the disk fails, a file that comes again is kept for good") {
    bool failed = true;
    int kept_again = 0;
    for (std::uint64_t call = 1; failed; ++call) {
        World world;
        world.disk->fail_after(call, Fault::io_error);
        workers::BlobKept kept = hand_in(world, png);
        failed = kept.sha256.empty() || kept.error;  // empty: a commit has failed, and thrown
        if (!kept.sha256.empty()) kept = hand_in(world, png);
        if (kept.sha256.empty() || kept.error) continue;
        ++kept_again;
        CHECK(world.files->durable_now(workers::blob_path(kept.sha256)) == png);
    }
    CHECK(kept_again > 3);
}

TEST_CASE("what the queue has forgotten is taken away, and can come again") {
    World world;
    const auto kept = hand_in(world, png);
    world.clock.advance(2 * hour);
    world.queue->tick();
    CHECK_FALSE(world.is_kept(kept.sha256));
    world.sweep();
    CHECK(world.names().empty());
    CHECK_FALSE(hand_in(world, png).error);
    CHECK(world.is_kept(kept.sha256));
}

TEST_CASE("a file on its way in is not swept, and one given up leaves nothing") {
    World world;
    workers::BlobArrival arrival(*world.blobs);
    std::error_code error = std::make_error_code(std::errc::io_error);
    auto begin = [&]() -> asio::awaitable<void> {
        std::string bytes = png;
        error = co_await arrival.append(std::move(bytes));
    };
    world.tasks->spawn("begin", begin());
    world.run();
    CHECK_FALSE(error);
    CHECK(world.names().size() == 1);
    world.sweep();
    CHECK(world.names().size() == 1);
    world.tasks->spawn("drop", arrival.drop());
    world.run();
    CHECK(world.names().empty());
}

TEST_CASE("a file that is there and cannot be read just now is left alone") {
    World world;
    const auto kept = hand_in(world, png);
    world.files->set_unreadable(true);
    CHECK(hand_in(world, png).error);
    world.files->set_unreadable(false);
    CHECK(world.files->durable_now(workers::blob_path(kept.sha256)) == png);
}

TEST_CASE("a full disk keeps nothing and says so") {
    World world;
    world.files->set_full(true);
    const auto kept = hand_in(world, png);
    CHECK(kept.error == std::errc::no_space_on_device);
    world.files->set_full(false);
    CHECK(world.names().empty());
    CHECK_FALSE(world.is_kept(kept.sha256));
}
