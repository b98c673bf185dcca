#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;
using proto::State;

namespace {

/// The process dies with the job on the CPU; the next one says so.
void die_over(TestQueue& queue, JobSeq job) {
    queue.restart();
    queue.ask(Blame{job});
}

}  // namespace

TEST_CASE("a job on the CPU at five deaths of the process is held; four are forgiven") {
    TestQueue queue;
    const JobSeq job = queue.running().record.seq;
    for (int death = 0; death < 4; ++death)
        die_over(queue, job);
    CHECK(queue.state(job) == State::running);
    CHECK(queue.record(job).crashes == 4);

    die_over(queue, job);

    const auto record = queue.record(job);
    CHECK(record.state == State::held);
    CHECK(record.failure->failure == proto::FailureClass::poison);
    CHECK(queue.taken() == 1);
    CHECK(queue.money(job) == "reserved 490000");
    CHECK(queue.claim().empty());
}

TEST_CASE("a poisoned job is taken up where it was when a person retries it") {
    TestQueue queue;
    SUBCASE("at its task") {
        const JobSeq job = queue.running().record.seq;
        for (int death = 0; death < 5; ++death)
            die_over(queue, job);
        CHECK(queue.act(job, Verb::retry).errc == Errc::ok);
        CHECK(queue.state(job) == State::running);
        CHECK(queue.record(job).crashes == 0);
        CHECK(queue.taken() == 1);
    }
    SUBCASE("at its artifacts") {
        const JobSeq job = queue.fetching().record.seq;
        for (int death = 0; death < 5; ++death)
            die_over(queue, job);
        CHECK(queue.act(job, Verb::retry).errc == Errc::ok);
        CHECK(queue.state(job) == State::fetching);
        CHECK(queue.record(job).crashes == 0);
    }
    SUBCASE("at its submission, of which nobody can say whether it was bought") {
        const JobSeq job = queue.submitting().record.seq;
        for (int death = 0; death < 5; ++death)
            die_over(queue, job);
        CHECK(queue.state(job) == State::held);
        CHECK(queue.act(job, Verb::retry).errc == Errc::needs_again);
        CHECK(queue.act(job, Verb::retry, true).errc == Errc::ok);
        CHECK(queue.money(job) == "uncertain 490000");
    }
}

TEST_CASE("a cancel that waits ends a poisoned job: nobody has it bought again unawares") {
    QueueOptions options = queue_options();
    options.ops[0].unknown_window = 15 * minute;
    TestQueue queue(options);
    const Work work = queue.submitting(listed_job());
    const JobSeq job = work.record.seq;
    SUBCASE("on the wire") {}
    SUBCASE("while it is looked for") {
        queue.report(work, Ambiguous{"reset"});
        REQUIRE(queue.state(job) == State::unknown);
    }
    REQUIRE(queue.act(job, Verb::cancel).errc == Errc::ok);
    for (int death = 0; death < 5; ++death)
        die_over(queue, job);

    CHECK(queue.state(job) == State::canceled);
    CHECK_FALSE(queue.record(job).cancel_waits);
    CHECK(queue.money(job) == "uncertain 490000");
    CHECK(queue.taken() == 1);
    CHECK(queue.act(job, Verb::cancel).errc == Errc::already);
    CHECK(queue.act(job, Verb::resolve_absent).errc == Errc::not_allowed);
    CHECK(queue.claim().empty());
    CHECK(queue.act(job, Verb::retry).errc == Errc::needs_again);
}

TEST_CASE("what a poisoned and canceled send may have bought is no other job's") {
    QueueOptions options = queue_options();
    options.ops[0].unknown_window = 15 * minute;
    TestQueue queue(options, {account("main", 2)});
    const JobSeq first = queue.submitting(listed_job("a storm")).record.seq;
    REQUIRE(queue.act(first, Verb::cancel).errc == Errc::ok);
    for (int death = 0; death < 5; ++death)
        die_over(queue, first);
    REQUIRE(queue.state(first) == State::canceled);
    queue.pass(minute);
    const Work work = queue.submitting(listed_job("a calm"));
    queue.report(work, Ambiguous{"reset"});
    queue.pass(2 * hour);
    REQUIRE(queue.taken() == 0);
    queue.restart();

    queue.report(queue.claim_one(), seen({{"task-1", "clip", work.record.sent_at}}, queue.now));

    CHECK(queue.state(work.record.seq) == State::held);
}

TEST_CASE("a cancel of a held job is done at once") {
    TestQueue queue;
    const JobSeq job = queue.submitting().record.seq;
    for (int death = 0; death < 5; ++death)
        die_over(queue, job);
    REQUIRE(queue.state(job) == State::held);

    CHECK(queue.act(job, Verb::cancel).errc == Errc::ok);

    CHECK(queue.state(job) == State::canceled);
}

TEST_CASE("a task that is adopted while its film is fetched lists the film once") {
    TestQueue queue;
    const Work before = queue.fetching();
    const JobSeq job = before.record.seq;
    for (int death = 0; death < 5; ++death)
        die_over(queue, job);
    REQUIRE(queue.state(job) == State::held);
    const std::string task = before.record.tasks.front().id;
    REQUIRE(queue.act(job, Verb::resolve_adopt, false, {task}).errc == Errc::ok);

    queue.report(queue.claim_one(), Done{before.record.artifacts, "Success"});

    CHECK(queue.state(job) == State::fetching);
    CHECK(queue.record(job).artifacts.size() == 1);
}

TEST_CASE("bystanders and jobs that are not under way are not blamed") {
    TestQueue queue;
    const JobSeq waiting = queue.admit();
    for (int death = 0; death < 9; ++death)
        die_over(queue, waiting);

    CHECK(queue.state(waiting) == State::queued);
    CHECK(queue.record(waiting).crashes == 0);
    CHECK(queue.ask(Blame{{99}}).errc == Errc::already);
}
