#include "queue/completions.hpp"

#include <doctest/doctest.h>

#include "queue/keys.hpp"
#include "queue/reader.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::Duration;
using proto::State;

const std::string clips = "minimax.video_v1/MiniMax-Hailuo-02/768P/6";

AdmitOne clip(const std::string& sort = clips) {
    AdmitOne job = video_job();
    job.timed_as = sort;
    return job;
}

std::vector<Duration> took(const TestQueue& queue, const std::string& sort = clips) {
    const auto times = queue.core().memory().completions.find(sort);
    return times ? times->took() : std::vector<Duration>();
}

/// A job that is claimed for its first poll after so long.
Work polled_after(TestQueue& queue, Duration span, const AdmitOne& job = clip()) {
    const Work work = queue.submitting(job);
    queue.report(work, TakenUp{{work.record.id.text()}, queue.now + span});
    queue.pass(span);
    return queue.claim_one();
}

/// The last poll but one saw it at work, and this one sees it done.
void run_clip(TestQueue& queue, Duration at_work, Duration done, const AdmitOne& job = clip()) {
    const Work first = polled_after(queue, at_work, job);
    queue.report(first, Unchanged{queue.now + (done - at_work), "Processing"});
    queue.pass(done - at_work);
    queue.report(queue.claim_one(), Done{{}, "Success", "{}"});
    queue.claim();  // what is left of it ends with the queue
}

}  // namespace

TEST_CASE("a task ended between the poll that saw it at work and the one that saw it done") {
    TestQueue queue;
    run_clip(queue, 60 * second, 64 * second);
    CHECK(took(queue) == std::vector<Duration>{62 * second});

    SUBCASE("and those that follow are handed out with what is known") {
        const Work next = queue.submitting(clip());
        REQUIRE(next.times);
        CHECK(next.times->took() == took(queue));
        CHECK_FALSE(queue.submitting(clip("another sort")).times);
    }
    SUBCASE("after a restart as well") {
        queue.restart();
        CHECK(took(queue) == std::vector<Duration>{62 * second});
    }
}

TEST_CASE("what was learned is told by sort, with the moment of the last") {
    TestQueue queue;
    run_clip(queue, 60 * second, 64 * second, clip("sort b"));
    run_clip(queue, 30 * second, 32 * second, clip("sort a"));
    const proto::Instant last = queue.now;
    const auto learned = CoreReader(queue.core()).learned_times();
    REQUIRE(learned.size() == 2);
    CHECK(learned[0].sort == "sort a");
    CHECK(learned[0].times->took() == std::vector<Duration>{31 * second});
    CHECK(learned[0].learned_at == last);
    CHECK(learned[1].sort == "sort b");
    CHECK(learned[1].learned_at < last);
}

TEST_CASE("one that is found done at the first poll took little less, for all that is known") {
    TestQueue queue;
    queue.report(polled_after(queue, 50 * second), Done{{}, "Success", "{}"});
    CHECK(took(queue) == std::vector<Duration>{Duration(47'500)});
}

TEST_CASE("nothing is learned where nobody can tell when it ended") {
    TestQueue queue;
    SUBCASE("it may have been while the daemon was down") {
        polled_after(queue, 50 * second);
        queue.restart();
        queue.report(queue.claim_one(), Done{{}, "Success", "{}"});
    }
    SUBCASE("or while the upstream did not answer") {
        queue.report(polled_after(queue, 50 * second), query_refused(proto::OnQuery::again));
        queue.report(queue.claim_one(), Done{{}, "Success", "{}"});
    }
    SUBCASE("a failure is no completion") {
        queue.report(polled_after(queue, 50 * second), Failed{});
    }
    SUBCASE("and its sort may not be known") {
        queue.report(polled_after(queue, 50 * second, video_job()), Done{{}, "Success", "{}"});
    }
    CHECK(queue.core().memory().completions.known.empty());
}

TEST_CASE("a report that comes twice is learned from once") {
    TestQueue queue;
    const Work work = polled_after(queue, 50 * second);
    CHECK(queue.report(work, Done{films(1), "Success"}).errc == Errc::ok);
    CHECK(queue.report(work, Done{films(1), "Success"}).errc == Errc::stale);
    CHECK(took(queue).size() == 1);
}

TEST_CASE("so many sorts are kept, and the one of which nothing was heard for longest goes") {
    TestQueue queue;
    for (std::size_t n = 0; n < Completions::sorts_max; ++n) {
        const Work work = polled_after(queue, second, clip("sort " + std::to_string(n)));
        queue.report(work, Done{{}, "Success", "{}"});
    }
    queue.report(polled_after(queue, second, clip("sort 0")), Done{{}, "Success", "{}"});
    queue.report(polled_after(queue, second, clip("one more")), Done{{}, "Success", "{}"});

    CHECK(queue.core().memory().completions.known.size() == Completions::sorts_max);
    CHECK(took(queue, "sort 0").size() == 2);
    CHECK(took(queue, "sort 1").empty());
    CHECK(took(queue, "one more").size() == 1);
    queue.restart();
    CHECK(took(queue, "sort 1").empty());
}

TEST_CASE("a sort with a name beyond all measure is not kept") {
    TestQueue queue;
    run_clip(queue, second, 2 * second, clip(std::string(10'000, 'm')));
    CHECK(queue.core().memory().completions.known.empty());
}

TEST_CASE("a row that cannot be read is learned anew, and one that tells nonsense is survived") {
    TestQueue past;
    run_clip(past, 60 * second, 64 * second);
    const auto disk = past.disk->copy();
    std::string bytes;
    std::size_t left = 0;
    SUBCASE("no row") {
        bytes = "nonsense";
    }
    SUBCASE("times beyond all time") {
        bytes = encode(CompletionsRow{{UINT64_MAX, 0}, past.now});
        left = 2;
    }
    {
        const auto env = make_env(disk);
        StoreOptions options;
        options.path = "/db";
        options.env = env.get();
        options.background = false;
        Store(options).commit({{keys::completions(clips), bytes}});
    }
    InlineQueue queue(disk, queue_options(), [&past] { return past.now; }, 1);
    const auto times = queue.core().memory().completions.find(clips);
    CHECK((times ? times->took().size() : 0) == left);
    if (times) CHECK(times->within(100) <= 31 * day);
}

TEST_CASE("a job that runs is shown with what is known of it, and what the upstream says") {
    TestQueue queue;
    run_clip(queue, 60 * second, 64 * second);
    const Work work = polled_after(queue, 10 * second);
    queue.report(work, Unchanged{queue.now + minute, "in_progress", 400});
    queue.read([&](const Reader& reader) {
        const auto view = reader.find(work.record.seq).value();
        REQUIRE(view.times);
        CHECK(view.times->took() == took(queue));
        CHECK(view.said_permille == 400);
    });
    const auto events = queue.stats().last_event;
    queue.pass(minute);
    queue.report(queue.claim_one(), Unchanged{queue.now + minute, "in_progress", 500});
    CHECK(queue.stats().last_event == events);  // it is not worth a commit
}
