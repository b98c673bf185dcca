#include "queue/rocksdb_queue.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "queue/rocksdb_store.hpp"
#include "queue/verify.hpp"
#include "tests/support/job_factory.hpp"
#include "tests/support/temporary_directory.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;

std::unique_ptr<RocksQueue> open(const TemporaryDirectory& directory, std::uint64_t ballast = 0) {
    QueueOptions options = queue_options();
    options.ballast_bytes = ballast;
    return RocksQueue::open(directory.path("db"), std::move(options),
                            [](const std::string& why) { FAIL_CHECK(why); });
}

/// As if an earlier life held so much room back; what is free beside it is as it was.
void hold_back(const TemporaryDirectory& directory, std::uint64_t bytes) {
    const std::string path = directory.path("db.ballast");
    std::ofstream(path) << "room";
    std::filesystem::resize_file(path, bytes);
}

std::future<Answer> send(Queue& queue, Command command) {
    const auto promise = std::make_shared<std::promise<Answer>>();
    queue.execute(std::move(command),
                  [promise](Answer answer) { promise->set_value(std::move(answer)); });
    return promise->get_future();
}

Answer ask(Queue& queue, Command command) {
    return send(queue, std::move(command)).get();
}

template <class Look>
auto look_at(Queue& queue, Look look) {
    using Seen = decltype(look(std::declval<const Reader&>()));
    const auto promise = std::make_shared<std::promise<Seen>>();
    queue.read([promise, look](const Reader& reader) { promise->set_value(look(reader)); });
    return promise->get_future().get();
}

Stats stats_of(Queue& queue) {
    return look_at(queue, [](const Reader& reader) { return reader.stats(); });
}

Idempotency a_key(int number) {
    std::string scope = std::to_string(number);
    scope.resize(16, '.');
    return {scope, std::string(32, 'f')};
}

/// Runs the same on so many threads, and waits for all.
void on_threads(int threads, const std::function<void(int thread)>& run) {
    std::vector<std::thread> started;
    for (int thread = 0; thread < threads; ++thread)
        started.emplace_back(run, thread);
    for (std::thread& thread : started)
        thread.join();
}

}  // namespace

TEST_CASE("one idempotency key sent fifty times at once makes one job") {
    const TemporaryDirectory directory;
    const auto queue = open(directory);
    std::mutex mutex;
    std::set<std::string> ids;
    std::atomic<int> made = 0;

    on_threads(10, [&](int) {
        for (int time = 0; time < 5; ++time) {
            AdmitOne job = video_job();
            job.idempotency = a_key(1);
            const Answer answer = ask(*queue, Admit{job});
            if (answer.errc == Errc::ok) ++made;
            const std::lock_guard lock(mutex);
            ids.insert(std::get<Admitted>(answer.body).id.text());
        }
    });

    CHECK(made == 1);
    CHECK(ids.size() == 1);
    CHECK(stats_of(*queue).jobs == 1);
}

TEST_CASE("what many threads were answered is there after a start, at fewer commits than jobs") {
    const TemporaryDirectory directory;
    std::mutex mutex;
    std::set<proto::JobSeq> jobs;
    proto::Instant last_time;
    {
        const auto queue = open(directory);
        on_threads(8, [&](int) {
            std::vector<std::future<Answer>> answers;
            for (int job = 0; job < 100; ++job)
                answers.push_back(send(*queue, Admit{video_job()}));
            for (auto& answer : answers) {
                const auto admitted = std::get<Admitted>(answer.get().body);
                const std::lock_guard lock(mutex);
                jobs.insert(admitted.id.seq());
                last_time = std::max(last_time, admitted.id.at());
            }
        });
        const Stats stats = stats_of(*queue);
        CHECK(stats.commands == 800);
        CHECK(stats.commits < 400);
    }
    CHECK(jobs.size() == 800);

    const auto queue = open(directory);

    CHECK(queue->opened_at() >= last_time);
    for (const proto::JobSeq job : jobs) {
        CHECK(
            look_at(*queue, [job](const Reader& reader) { return reader.find(job).has_value(); }));
    }
}

TEST_CASE("what lies in the mailbox is still answered when the queue goes") {
    const TemporaryDirectory directory;
    std::atomic<int> answered = 0;
    {
        const auto queue = open(directory);
        for (int job = 0; job < 5'000; ++job)
            queue->execute(Admit{video_job()}, [&](const Answer&) { ++answered; });
    }

    CHECK(answered == 5'000);
    StoreOptions options;
    options.path = directory.path("db");
    options.read_only = true;
    const Store store(options);
    CHECK(verify(store).broken.empty());
    CHECK(verify(store).jobs == 5'000);
}

TEST_CASE("a listener hears of every commit, and of work that time alone makes") {
    const TemporaryDirectory directory;
    const auto queue = open(directory);
    std::mutex mutex;
    std::condition_variable heard;
    bool work = false;
    queue->on_commit([&](proto::EventSeq, bool is_work) {
        const std::lock_guard lock(mutex);
        work = is_work;
        heard.notify_all();
    });
    ask(*queue, Configure{{account("main")}});
    AdmitOne job = video_job();
    job.spec.not_before = queue->opened_at() + proto::Duration(300);
    ask(*queue, Admit{job});

    std::unique_lock lock(mutex);
    CHECK(heard.wait_for(lock, std::chrono::seconds(60), [&] { return work; }));
}

TEST_CASE("commands and reads of many threads go side by side") {
    const TemporaryDirectory directory;
    const auto queue = open(directory);
    ask(*queue, Configure{{account("main", 1'000)}});
    std::atomic<int> done = 0;

    on_threads(6, [&](int thread) {
        for (int round = 0; round < 60; ++round) {
            if (thread % 3 == 0) ask(*queue, Admit{video_job()});
            if (thread % 3 == 1) {
                const auto claimed = std::get<Claimed>(ask(*queue, Claim{5, 5, 5, 5}).body);
                for (const Work& work : claimed.work) {
                    const Answer answer =
                        ask(*queue, Advance{work.record.seq, work.record.send, work.record.state,
                                            DeliveredAtOnce{{}, "{}"}});
                    if (answer.errc == Errc::ok) ++done;
                }
            }
            if (thread % 3 == 2) {
                look_at(*queue,
                        [](const Reader& reader) { return reader.list({}, {}, 50).jobs.size(); });
            }
        }
    });

    const Stats stats = stats_of(*queue);
    CHECK(stats.by_state[static_cast<std::size_t>(proto::State::succeeded)] ==
          static_cast<std::uint64_t>(done.load()));
    CHECK(stats.jobs + static_cast<std::uint64_t>(done.load()) == 120);
}

TEST_CASE("a directory can be opened once at a time") {
    const TemporaryDirectory directory;
    const auto queue = open(directory);

    CHECK_THROWS_AS(open(directory), StoreFailed);
}

TEST_CASE("a copy made while commands run holds all that was answered before, and starts paused") {
    const TemporaryDirectory directory;
    std::uint64_t before = 0;
    std::uint64_t all = 0;
    {
        const auto queue = open(directory);
        for (int job = 0; job < 50; ++job)
            ask(*queue, Admit{video_job()});
        before = stats_of(*queue).jobs;
        std::atomic<bool> copied = false;
        std::thread feeder([&] {
            while (!copied)
                ask(*queue, Admit{video_job()});
        });
        const BackedUp made = queue->back_up(directory.path("copy"));
        copied = true;
        feeder.join();
        all = stats_of(*queue).jobs;
        CHECK(made.generation == 1);
        CHECK(made.last_event.value >= before);
        CHECK_FALSE(stats_of(*queue).paused);
    }

    const auto restored = RocksQueue::open(directory.path("copy"), queue_options(),
                                           [](const std::string& why) { FAIL_CHECK(why); });

    const Stats stats = stats_of(*restored);
    CHECK(stats.paused);
    CHECK(stats.jobs >= before);
    CHECK(stats.jobs <= all);
    REQUIRE(stats.setback);
    CHECK(stats.setback->doubtful == stats.jobs);
}

TEST_CASE("a database that was put back by hand is noticed by the mark beside it") {
    const TemporaryDirectory directory;
    ask(*open(directory), Admit{video_job()});
    const auto copy = std::filesystem::copy_options::recursive;
    std::filesystem::copy(directory.path("db"), directory.path("old"), copy);
    ask(*open(directory), Admit{video_job()});
    CHECK_FALSE(stats_of(*open(directory)).paused);
    std::filesystem::remove_all(directory.path("db"));
    std::filesystem::rename(directory.path("old"), directory.path("db"));

    const auto queue = open(directory);

    const Stats stats = stats_of(*queue);
    CHECK(stats.paused);
    REQUIRE(stats.setback);
    CHECK(stats.setback->why == Setback::Why::lost_tail);
    CHECK(stats.setback->doubtful == 1);
}

TEST_CASE("room is held back once the disk is known to have it, and let go when it fills") {
    const TemporaryDirectory directory;
    const std::string ballast = directory.path("db.ballast");
    const auto queue = open(directory, 65'536);
    ask(*queue, Admit{video_job()});
    CHECK_FALSE(std::filesystem::exists(ballast));
    ask(*queue, SetDiskGate{DiskGate::no_submit, 0});
    CHECK_FALSE(std::filesystem::exists(ballast));

    ask(*queue, SetDiskGate{});
    REQUIRE(std::filesystem::exists(ballast));
    CHECK(std::filesystem::file_size(ballast) == 65'536);

    ask(*queue, SetDiskGate{DiskGate::no_intake, 0});
    CHECK_FALSE(std::filesystem::exists(ballast));
}

TEST_CASE("what an earlier life held back is kept where there is room, and let go when it fills") {
    const TemporaryDirectory directory;
    hold_back(directory, 65'536);
    const auto queue = open(directory, 65'536);
    CHECK(std::filesystem::exists(directory.path("db.ballast")));

    ask(*queue, SetDiskGate{DiskGate::no_intake, 0});

    CHECK_FALSE(std::filesystem::exists(directory.path("db.ballast")));
}

TEST_CASE("where less room is left than is held back, that is let go before the database opens") {
    const TemporaryDirectory directory;
    const auto free = std::filesystem::space(directory.path()).available;
    hold_back(directory, free + (1ULL << 30U));
    std::ofstream(directory.path("db")) << "in the way: it does not open";

    CHECK_THROWS_AS(open(directory, 65'536), StoreFailed);

    CHECK_FALSE(std::filesystem::exists(directory.path("db.ballast")));
}
