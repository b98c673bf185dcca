// What comes of an upstream's hints that a task has moved.
#include "queue/hints.hpp"

#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

using namespace genspool;
using namespace genspool::queue;
using namespace genspool::tests;
using proto::JobSeq;
using proto::State;

namespace {

constexpr proto::Duration later = 30 * minute;  // not yet overdue

Unchanged at_ease(const TestQueue& queue) {
    return {queue.now + later, "Processing"};
}

/// A job whose task is asked for again much later.
JobSeq waiting(TestQueue& queue, const std::string& task = "task-1") {
    const Work work = queue.running(task);
    queue.report(work, at_ease(queue));
    return work.record.seq;
}

/// Answers the polls that are due now; how many there were.
std::size_t poll(TestQueue& queue) {
    const std::vector<Work> due = queue.claim();
    for (const Work& work : due) {
        CHECK(work.kind == WorkKind::poll);
        queue.report(work, at_ease(queue));
    }
    return due.size();
}

}  // namespace

TEST_CASE("a hint has its task asked for at once, and changes nothing on disk") {
    TestQueue queue;
    const JobSeq job = waiting(queue);
    REQUIRE(poll(queue) == 0);
    const Stats before = queue.stats();

    CHECK(queue.ask(Hint{"main", "task-1"}).errc == Errc::ok);

    CHECK(queue.stats().commits == before.commits);
    CHECK(queue.stats().last_event == before.last_event);
    CHECK(queue.state(job) == State::running);
    CHECK(poll(queue) == 1);
    CHECK(poll(queue) == 0);
}

TEST_CASE("a hint that comes while its task is being asked for has it asked for once more") {
    TestQueue queue;
    const Work work = queue.running();
    CHECK(queue.ask(Hint{"main", "task-1"}).errc == Errc::ok);
    CHECK(queue.claim().empty());

    queue.report(work, at_ease(queue));

    CHECK(poll(queue) == 1);
    CHECK(poll(queue) == 0);
}

TEST_CASE("a hint that comes before its task is known counts once it is") {
    TestQueue queue;
    const Work work = queue.submitting();
    CHECK(queue.ask(Hint{"main", "task-1"}).errc == Errc::not_found);
    SUBCASE("as long as it is fresh") {
        queue.pass(early_hint_lasts - second);
        queue.report(work, TakenUp{{"task-1"}, queue.now + later});
        CHECK(poll(queue) == 1);
    }
    SUBCASE("and no longer") {
        queue.pass(early_hint_lasts);
        queue.report(work, TakenUp{{"task-1"}, queue.now + later});
        CHECK(poll(queue) == 0);
    }
    SUBCASE("unless a process ends in between: then the polls find out") {
        queue.report(work, TakenUp{{"task-1"}, queue.now + later});
        queue.restart();
        CHECK(poll(queue) == 1);
    }
    SUBCASE("for that task alone") {
        queue.report(work, TakenUp{{"task-2"}, queue.now + later});
        CHECK(poll(queue) == 0);
    }
}

TEST_CASE("a flood of hints has a task asked for once in a gap, and no other kept waiting") {
    TestQueue queue;
    waiting(queue, "flooded");
    waiting(queue, "quiet");
    std::size_t polls = 0;
    for (int n = 0; n < 600; ++n) {
        for (int repeated = 0; repeated < 3; ++repeated)
            queue.ask(Hint{"main", "flooded"});
        polls += poll(queue);
        queue.pass(proto::Duration(100));
    }
    CHECK(polls == minute / hint_gap);

    poll(queue);
    queue.pass(later - minute + second);
    queue.ask(Hint{"main", "flooded"});
    const Answer answer = queue.ask(Claim{0, 1, 0, 0});
    const auto& work = std::get<Claimed>(answer.body).work;
    REQUIRE(work.size() == 1);
    CHECK(work.front().record.tasks.front().id == "quiet");
}

TEST_CASE("hints for tasks that nobody has cost a bounded memory and no poll") {
    TestQueue queue;
    const JobSeq job = waiting(queue);
    const Work next = queue.submitting();
    queue.ask(Hint{"main", "task-2"});
    for (std::size_t n = 0; n < early_hints_max; ++n)
        CHECK(queue.ask(Hint{"main", "stranger-" + std::to_string(n)}).errc == Errc::not_found);
    CHECK(queue.ask(Hint{"another", "task-1"}).errc == Errc::not_found);
    CHECK(queue.state(job) == State::running);
    CHECK(poll(queue) == 0);

    // The oldest has been forgotten for the newest.
    queue.report(next, TakenUp{{"task-2"}, queue.now + later});
    CHECK(poll(queue) == 0);
}

TEST_CASE("a hint for a job that is past its polls is nothing") {
    TestQueue queue;
    const Work fetch = queue.fetching();
    CHECK(queue.ask(Hint{"main", "task-1"}).errc == Errc::ok);
    CHECK(queue.claim().empty());
    queue.report(
        fetch, ArtifactLost{0, {proto::FailureClass::artifact, "gone", "gone", false, false, {}}});
    CHECK(proto::is_terminal(queue.state(fetch.record.seq)));
    CHECK(queue.ask(Hint{"main", "task-1"}).errc == Errc::ok);
    CHECK(queue.claim().empty());
}

TEST_CASE("a hint does not put off a poll that is due, nor one that is overdue") {
    TestQueue queue;
    const Work work = queue.running();
    queue.report(work, Unchanged{queue.now + second, "Processing"});
    queue.ask(Hint{"main", "task-1"});
    CHECK(poll(queue) == 1);
    queue.ask(Hint{"main", "task-1"});
    queue.pass(hint_gap - second);
    CHECK(poll(queue) == 0);
    queue.pass(second);
    CHECK(poll(queue) == 1);
}

TEST_CASE("an account that comes back has its tasks asked for at once") {
    TestQueue queue;
    waiting(queue);
    queue.configure({});
    REQUIRE(poll(queue) == 0);

    queue.configure({account("main")});

    CHECK(poll(queue) == 1);
    queue.configure({account("main"), account("another")});
    CHECK(poll(queue) == 0);
}
