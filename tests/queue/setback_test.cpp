// A queue that stands where it stood before: what it says, and that it buys nothing.
#include "queue/setback.hpp"

#include <doctest/doctest.h>

#include <rocksdb/env.h>

#include <algorithm>
#include <span>

#include "queue/backup.hpp"
#include "queue/reader.hpp"
#include "queue/verify.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;

StoreOptions at(const std::string& path, rocksdb::Env* env) {
    StoreOptions options;
    options.path = path;
    options.env = env;
    options.background = false;
    return options;
}

/// What a test queue's database is now, copied to this place on the same disk.
BackedUp copy_of(TestQueue& queue, const std::string& path = "/copy") {
    const auto env = make_env(queue.disk);
    return back_up(queue.core().store(), at(path, env.get()), queue.now);
}

/// The queue that starts on that copy.
struct Restored {
    explicit Restored(const TestQueue& from, const std::string& path = "/copy")
        : env(make_env(from.disk)),
          store(at(path, env.get())),
          now(from.now),
          core(store, from.options, now, random) {
        ask(Configure{{account("main")}});
    }
    ~Restored() {
        for (const std::string& sentence : verify(store).broken)
            FAIL_CHECK(sentence);
    }

    Answer ask(Command command) {
        return std::move(core.execute(std::span(&command, 1), now, random).answers.front());
    }
    std::vector<Work> claim() { return std::get<Claimed>(ask(Claim{9, 9, 9, 9}).body).work; }
    Stats stats() const { return CoreReader(core).stats(); }
    std::vector<JobSeq> doubtful() const {
        Filter filter;
        filter.doubtful = true;
        std::vector<JobSeq> jobs;
        for (const JobView& job : CoreReader(core).list(filter, {}, 100).jobs)
            jobs.push_back(job.record.seq);
        return jobs;
    }

    std::unique_ptr<rocksdb::Env> env;
    Store store;
    Random random{7};
    proto::Instant now;
    Core core;
};

bool submits(const std::vector<Work>& work) {
    return std::ranges::any_of(work, [](const Work& one) { return one.kind == WorkKind::submit; });
}

/// One life of a queue on this disk.
std::unique_ptr<InlineQueue> life_on(const std::shared_ptr<ForgetfulDisk>& disk,
                                     proto::EventSeq marked = {}) {
    const auto now = [] { return proto::Instant(proto::Duration(1'800'000'000'000)); };
    auto queue = std::make_unique<InlineQueue>(disk, queue_options(), now, 1, marked);
    queue->ask(Configure{{account("main")}});
    return queue;
}

Stats stats_of(InlineQueue& queue) {
    Stats stats;
    queue.read([&stats](const Reader& reader) { stats = reader.stats(); });
    return stats;
}

}  // namespace

TEST_CASE("a restored queue buys nothing until it is told to, and brings home what was bought") {
    TestQueue queue;
    const Work bought = queue.running();
    queue.report(bought, Unchanged{queue.now, "Processing"});
    const JobSeq waiting = queue.admit();
    const BackedUp backup = copy_of(queue);
    CHECK(submits(queue.claim()));  // life goes on, and buys what waited

    Restored restored(queue);

    const Stats stats = restored.stats();
    CHECK(stats.paused);
    CHECK(stats.generation == 2);
    CHECK(stats.paused_reason == "restored from the backup of " + proto::format_rfc3339(backup.at) +
                                     "; 1 job may have been bought since");
    REQUIRE(stats.setback);
    CHECK(stats.setback->why == Setback::Why::backup);
    CHECK(stats.setback->last_event == backup.last_event);
    CHECK(restored.doubtful() == std::vector{waiting});
    const auto work = restored.claim();
    REQUIRE(work.size() == 1);
    CHECK(work.front().kind == WorkKind::poll);
    CHECK(work.front().record.seq == bought.record.seq);

    restored.ask(Pause{{}, false, {}});
    CHECK(submits(restored.claim()));
    CHECK_FALSE(restored.stats().setback);
    CHECK(restored.doubtful().empty());
}

TEST_CASE("what was on the wire at the backup stays in doubt when it is held") {
    TestQueue queue;
    queue.admit();
    REQUIRE(submits(queue.claim()));
    copy_of(queue);
    Restored restored(queue);
    REQUIRE(restored.stats().setback->doubtful == 1);

    const auto work = restored.claim();
    REQUIRE(work.size() == 1);
    REQUIRE(work.front().kind == WorkKind::recover);
    const proto::JobRecord& record = work.front().record;
    restored.ask(Advance{record.seq, record.send, record.state, Ambiguous{"no spooled reply"}});

    CHECK(CoreReader(restored.core).find(record.seq)->record.state == proto::State::held);
    CHECK(restored.doubtful() == std::vector{record.seq});
}

TEST_CASE("a film that a purchase not on record may have made is no evidence for another") {
    QueueOptions options = queue_options();
    options.ops[0].unknown_window = 15 * minute;
    TestQueue queue(options);
    const JobSeq lost = queue.submitting(listed_job()).record.seq;
    copy_of(queue);
    // Soon after it this one is bought as well, and the copy knows nothing of that.
    queue.running("task-1", listed_job());
    Restored restored(queue);
    restored.now += minute;
    const auto report = [&restored](const Work& work, Report what) {
        const proto::JobRecord& record = work.record;
        restored.ask(Advance{record.seq, record.send, record.state, std::move(what)});
    };
    report(restored.claim().at(0), Ambiguous{"no spooled reply"});
    SUBCASE("paused") {}
    SUBCASE("told to go on") {
        restored.ask(Pause{{}, false, {}});
    }

    report(restored.claim().at(0), seen({{"task-1", "clip", queue.now}}));

    const proto::JobRecord record = CoreReader(restored.core).find(lost)->record;
    CHECK(record.state == proto::State::unknown);
    CHECK(record.tasks.empty());
    CHECK(record.reason.find("not on record") != std::string::npos);
}

TEST_CASE("what is handed in after a restore waits too, but is in no doubt") {
    TestQueue queue;
    const JobSeq old = queue.admit();
    copy_of(queue);
    Restored restored(queue);

    restored.ask(Admit{video_job()});

    CHECK_FALSE(submits(restored.claim()));
    CHECK(restored.doubtful() == std::vector{old});
    CHECK(restored.stats().setback->doubtful == 1);
}

TEST_CASE("a restored queue stays paused over starts and further pauses") {
    TestQueue queue;
    queue.admit();
    copy_of(queue);
    Setback first;
    {
        Restored restored(queue);
        first = *restored.stats().setback;
        restored.ask(Pause{{}, true, "lunch"});
    }

    Restored again(queue);

    CHECK(again.stats().paused);
    CHECK(again.stats().paused_reason == "lunch");
    CHECK(again.stats().setback == first);
    CHECK(again.stats().generation == 2);
    again.ask(Pause{{}, false, {}});
    CHECK_FALSE(again.stats().setback);
}

TEST_CASE("a restored queue gives no event a number that was given before") {
    TestQueue queue;
    queue.admit();
    copy_of(queue);
    queue.admit();
    const proto::EventSeq last = queue.stats().last_event;
    Restored restored(queue);

    restored.ask(Admit{video_job()});

    const auto events = CoreReader(restored.core).events(last, 10, std::nullopt);
    REQUIRE(events.size() == 1);
    CHECK(events.front().seq > last);
    CHECK(generation(events.front().seq) == 2);
}

TEST_CASE("the same copy restored twice gives no number twice, and a reader misses nothing") {
    TestQueue queue;
    queue.admit();
    copy_of(queue, "/monday");
    SUBCASE("the very same") {
        copy_of(queue, "/again");
    }
    SUBCASE("a later one of the same generation") {
        queue.now += day;
        copy_of(queue, "/again");
    }
    queue.now += day;
    proto::EventSeq read;
    {
        Restored first(queue, "/monday");
        for (int n = 0; n < 5; ++n)
            first.ask(Admit{video_job()});
        read = first.stats().last_event;
    }
    // That disk dies as well.
    queue.now += minute;
    Restored second(queue, "/again");

    for (int n = 0; n < 3; ++n)
        second.ask(Admit{video_job()});

    const Stats stats = second.stats();
    CHECK(stats.generation == 2);
    CHECK(stats.first_event <= read);
    CHECK(stats.last_event.value < (1ULL << 53U));
    const auto events = CoreReader(second.core).events(read, 10, std::nullopt);
    REQUIRE(events.size() == 3);
    CHECK(events.back().seq == stats.last_event);
}

TEST_CASE("a restore gives numbers of the next generation whatever the clock says") {
    TestQueue queue;
    queue.admit();
    copy_of(queue);
    SUBCASE("long ago") {
        queue.now = proto::Instant{};
    }
    SUBCASE("in a hundred years") {
        queue.now += 36'500 * day;
    }
    Restored restored(queue);

    restored.ask(Admit{video_job()});

    CHECK(generation(restored.stats().last_event) == 2);
    CHECK(restored.stats().generation == 2);
}

TEST_CASE("only a new generation may leave numbers out, and only up to a full second's") {
    CHECK(follows({8}, {7}));
    CHECK_FALSE(follows({9}, {7}));
    CHECK_FALSE(follows({2'000}, {7}));
    CHECK(follows({events_a_generation}, {7}));
    CHECK(follows({events_a_generation + 5'000}, {7}));
    CHECK_FALSE(follows({events_a_generation + 5'001}, {7}));
    CHECK_FALSE(follows({events_a_generation + 5'000}, {events_a_generation + 7}));
}

TEST_CASE("a copy of a copy that was restored is of a later generation") {
    TestQueue queue;
    copy_of(queue);
    Restored restored(queue);
    CHECK(back_up(restored.store, at("/second", restored.env.get()), queue.now).generation == 2);
    Store second(at("/second", restored.env.get()));
    const Core core(second, queue.options, queue.now, restored.random);
    CHECK(CoreReader(core).stats().generation == 3);
}

TEST_CASE("a database that lost its tail starts paused") {
    const auto disk = std::make_shared<ForgetfulDisk>();
    auto queue = life_on(disk);
    queue->ask(Admit{video_job()});
    const proto::EventSeq kept = stats_of(*queue).last_event;
    disk->ignore_sync([](const SyncCall&) { return true; });
    REQUIRE(submits(std::get<Claimed>(queue->ask(Claim{9, 9, 9, 9}).body).work));
    const proto::EventSeq marked = stats_of(*queue).last_event;
    disk->power_cut();
    disk->ignore_sync({});
    queue.reset();

    queue = life_on(disk, marked);

    const Stats stats = stats_of(*queue);
    CHECK(stats.paused);
    REQUIRE(stats.setback);
    CHECK(stats.setback->why == Setback::Why::lost_tail);
    CHECK(stats.setback->last_event == kept);
    CHECK(stats.setback->doubtful == 1);
    CHECK_FALSE(submits(std::get<Claimed>(queue->ask(Claim{9, 9, 9, 9}).body).work));
    CHECK(stats.last_event > marked);
    queue->ask(Pause{{}, false, {}});
    CHECK(submits(std::get<Claimed>(queue->ask(Claim{9, 9, 9, 9}).body).work));
    CHECK(verify(queue->core().store()).broken.empty());
}

TEST_CASE("a database that reaches its mark, or lies beyond it, goes on as ever") {
    const auto disk = std::make_shared<ForgetfulDisk>();
    auto queue = life_on(disk);
    queue->ask(Admit{video_job()});
    const proto::EventSeq last = stats_of(*queue).last_event;
    for (const proto::EventSeq marked : {last, proto::EventSeq{last.value - 1}}) {
        queue.reset();
        disk->kill();
        queue = life_on(disk, marked);
        CHECK_FALSE(stats_of(*queue).paused);
        CHECK(stats_of(*queue).generation == 1);
    }
}
