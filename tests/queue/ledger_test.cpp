// What was bought, why, and how the ledger is asked.
#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

using namespace genspool;
using namespace genspool::queue;
using namespace genspool::tests;
using proto::Event;
using proto::JobSeq;

namespace {

std::vector<LedgerLine> lines(const TestQueue& queue, const LedgerFilter& filter) {
    std::vector<LedgerLine> found;
    queue.read([&](const Reader& reader) { found = reader.ledger(filter, {}, 1'000).lines; });
    return found;
}

/// The jobs whose rows these are.
std::vector<JobSeq> jobs(const TestQueue& queue, const LedgerFilter& filter) {
    std::vector<JobSeq> found;
    for (const LedgerLine& line : lines(queue, filter))
        found.push_back(line.row.job);
    return found;
}

/// The last purchase of a job that was bought before.
LedgerLine last_line(const TestQueue& queue) {
    const auto all = lines(queue, {});
    REQUIRE(all.size() >= 2);
    return all.back();
}

Refused no_room() {
    return refused_as(proto::FailureClass::no_capacity, proto::OnCreate::not_created);
}

}  // namespace

TEST_CASE("a job's first purchase comes after nothing") {
    TestQueue queue;
    const Work work = queue.submitting();

    const auto all = lines(queue, {});

    REQUIRE(all.size() == 1);
    CHECK(all[0].row.why == Event::admitted);
    CHECK(all[0].after == 0);
    CHECK(all[0].row.id == work.record.id);
}

TEST_CASE("a purchase says what led to it, and which came before it") {
    TestQueue queue;
    AdmitOne job = video_job();

    SUBCASE("the upstream refused the one before") {
        queue.report(queue.submitting(job), no_room());
        queue.pass(hour);
        queue.claim();
        const LedgerLine line = last_line(queue);
        CHECK(line.row.why == Event::not_created);
        CHECK(line.after == 1);
        CHECK(line.after_status == LedgerRow::Status::released);
    }
    SUBCASE("the upstream failed it") {
        const Work work = queue.running("task-1", job);
        queue.report(work, Failed{{}, true, false});
        queue.pass(hour);
        queue.claim();
        const LedgerLine line = last_line(queue);
        CHECK(line.row.why == Event::task_failed_again);
        CHECK(line.after_status == LedgerRow::Status::spent);
    }
    SUBCASE("nobody knows of it, and the job allows another") {
        job.spec.on_unknown.policy = proto::OnUnknown::Policy::resubmit;
        queue.report(queue.submitting(job), Ambiguous{"reset"});
        queue.pass(hour);
        queue.claim();
        const LedgerLine line = last_line(queue);
        CHECK(line.row.why == Event::resubmit);
        CHECK(line.after_status == LedgerRow::Status::uncertain);
    }
    SUBCASE("a person says that it never arrived") {
        const Work work = queue.submitting(job);
        queue.report(work, Ambiguous{"reset"});
        queue.act(work.record.seq, Verb::resolve_absent);
        queue.claim();
        CHECK(last_line(queue).row.why == Event::proven_absent);
    }
    SUBCASE("somebody wants it again") {
        const Work work = queue.submitting(job);
        queue.report(work, Ambiguous{"reset"});
        REQUIRE(queue.act(work.record.seq, Verb::retry, true).errc == Errc::ok);
        queue.claim();
        const LedgerLine line = last_line(queue);
        CHECK(line.row.why == Event::retry);
        CHECK(line.after_status == LedgerRow::Status::uncertain);
    }
}

TEST_CASE("the ledger is asked by day, account, job, batch and status") {
    TestQueue queue(queue_options(), {account("main", 9)});
    const proto::Instant first_day = queue.now;
    const Work early = queue.submitting();
    queue.report(early, DeliveredAtOnce{{}, "{}"});
    queue.pass(day);
    const JobSeq late = queue.submitting().record.seq;
    const auto batch = queue.open_batch();
    queue.add(batch, {video_job()});
    queue.seal(batch);
    queue.settle();
    queue.claim();
    const JobSeq member{late.value + 1};

    LedgerFilter filter;
    SUBCASE("from a moment on") {
        filter.from = first_day + day;
        CHECK(jobs(queue, filter) == std::vector<JobSeq>{late, member});
    }
    SUBCASE("before a moment") {
        filter.before = first_day + day;
        CHECK(jobs(queue, filter) == std::vector<JobSeq>{early.record.seq});
    }
    SUBCASE("by status") {
        filter.status = LedgerRow::Status::spent;
        CHECK(jobs(queue, filter) == std::vector<JobSeq>{early.record.seq});
    }
    SUBCASE("by account") {
        filter.account = "main";
        CHECK(jobs(queue, filter).size() == 3);
        filter.account = "other";
        CHECK(jobs(queue, filter).empty());
    }
    SUBCASE("by batch") {
        filter.batch = batch;
        CHECK(jobs(queue, filter) == std::vector<JobSeq>{member});
    }
    SUBCASE("by a whole id") {
        filter.jobs = {early.record.id, early.record.id};
        CHECK(jobs(queue, filter) == std::vector<JobSeq>{early.record.seq});
    }
    SUBCASE("by the beginning of an id") {
        const std::string prefix = early.record.id.text().substr(0, 10);
        filter.jobs = {proto::JobId::lowest_with_prefix(prefix).value(),
                       proto::JobId::highest_with_prefix(prefix).value()};
        CHECK(jobs(queue, filter) == std::vector<JobSeq>{early.record.seq});
    }
}

TEST_CASE("the ledger's sums are paged by whole days") {
    TestQueue queue(queue_options(), {account("main", 1), account("other", 1)});
    const std::string first = proto::format_day(queue.now);
    queue.submitting();
    queue.submitting();
    queue.pass(day);
    const std::string second = proto::format_day(queue.now);
    queue.pass(hour);
    queue.report(queue.submitting(music_job()), DeliveredAtOnce{{}, "{}"});

    queue.read([&](const Reader& reader) {
        const LedgerTotals page = reader.ledger_totals({}, 1);
        REQUIRE(page.totals.size() == 2);
        CHECK(page.totals[0].day == first);
        CHECK(page.totals[0].account == "main");
        CHECK(page.totals[1].account == "other");
        CHECK(page.totals[1].reserved == 490'000);
        CHECK(page.next == second);

        TotalsFilter rest;
        rest.first = page.next;
        const LedgerTotals last = reader.ledger_totals(rest, 1);
        REQUIRE(last.totals.size() == 1);
        CHECK(last.totals[0].spent == 150'000);
        CHECK(last.totals[0].unit == proto::Unit::usd);
        CHECK(last.next.empty());

        TotalsFilter other;
        other.last = first;
        other.account = "other";
        CHECK(reader.ledger_totals(other, 10).totals.size() == 1);
    });
}
