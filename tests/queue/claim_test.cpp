#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;
using proto::State;

std::vector<WorkKind> kinds_of(const std::vector<Work>& work) {
    std::vector<WorkKind> kinds;
    for (const Work& step : work)
        kinds.push_back(step.kind);
    return kinds;
}

std::vector<std::uint64_t> jobs_of(const std::vector<Work>& work) {
    std::vector<std::uint64_t> jobs;
    for (const Work& step : work)
        jobs.push_back(step.record.seq.value);
    return jobs;
}

/// A job whose artifacts are ready to be fetched, its links dead after `valid_for`.
JobSeq fetchable(TestQueue& queue, const std::string& task, proto::Duration valid_for) {
    const Work work = queue.running(task);
    Done done{films(1), "Success"};
    done.artifacts[0].source.expires_at = queue.now + valid_for;
    queue.report(work, done);
    return work.record.seq;
}

}  // namespace

TEST_CASE("a claim takes slot, send and reserve in one commit and hands out the request") {
    TestQueue queue;
    const JobSeq job = queue.admit(video_job("a lighthouse"));

    const Work work = queue.claim_one();

    CHECK(work.kind == WorkKind::submit);
    CHECK(work.record.seq == job);
    CHECK(work.record.state == State::submitting);
    CHECK(work.record.send == 1);
    CHECK(work.record.charged == 1);
    CHECK(work.record.account == "main");
    CHECK(work.record.sent_at == queue.now);
    REQUIRE(work.spec);
    CHECK(work.spec->request == video_job("a lighthouse").spec.request);
    CHECK(queue.taken() == 1);
    CHECK(queue.money(job) == "reserved 490000");
    CHECK(queue.record(job) == work.record);
    CHECK(queue.claim().empty());
}

TEST_CASE("no more is claimed than asked for, nor than there are slots") {
    TestQueue queue;
    for (int job = 0; job < 5; ++job)
        queue.admit();

    CHECK(std::get<Claimed>(queue.ask(Claim{9, 9, 2, 9}).body).work.size() == 2);
    CHECK(queue.claim().size() == 1);
    CHECK(queue.claim().empty());
    CHECK(queue.taken() == 3);
    CHECK(queue.stats().by_state[static_cast<std::size_t>(State::queued)] == 2);
}

TEST_CASE("fetching comes before polling, and polling before buying") {
    TestQueue queue;
    fetchable(queue, "task-1", hour);
    const Work polled = queue.submitting();
    queue.report(polled, TakenUp{{"task-2"}, queue.now});
    queue.admit();

    const auto work = queue.claim();

    CHECK(kinds_of(work) == std::vector{WorkKind::fetch, WorkKind::poll, WorkKind::submit});
}

TEST_CASE("the link that dies first is fetched first") {
    TestQueue queue;
    const JobSeq late = fetchable(queue, "task-1", 3 * hour);
    const JobSeq soon = fetchable(queue, "task-2", hour);
    const JobSeq sooner = fetchable(queue, "task-3", minute);

    const auto one = std::get<Claimed>(queue.ask(Claim{1, 0, 0, 0}).body).work;
    const auto rest = queue.claim();

    CHECK(jobs_of(one) == std::vector{sooner.value});
    CHECK(jobs_of(rest) == std::vector{soon.value, late.value});
}

TEST_CASE("the order of fetching survives a start") {
    TestQueue queue;
    const JobSeq late = fetchable(queue, "task-1", 3 * hour);
    const JobSeq soon = fetchable(queue, "task-2", hour);

    queue.restart();

    CHECK(jobs_of(queue.claim()) == std::vector{soon.value, late.value});
}

TEST_CASE("no second step of a job is handed out before the first is answered") {
    TestQueue queue;
    const Work work = queue.running();
    queue.pass(hour / 2);
    CHECK(queue.claim().empty());

    queue.report(work, Unchanged{queue.now + minute, "Processing"});
    CHECK(queue.claim().empty());
    queue.pass(minute);
    CHECK(queue.claim_one().kind == WorkKind::poll);
}

TEST_CASE("a full disk closes buying, then fetching, and polls go on") {
    TestQueue queue;
    fetchable(queue, "task-1", hour);
    queue.report(queue.submitting(), TakenUp{{"task-2"}, queue.now});
    queue.admit();

    queue.ask(SetDiskGate{DiskGate::no_fetch, 0});
    const auto work = queue.claim();
    CHECK(kinds_of(work) == std::vector{WorkKind::poll});
    queue.report(work[0], Unchanged{queue.now, "Processing"});

    queue.ask(SetDiskGate{DiskGate::no_submit, 0});
    CHECK(kinds_of(queue.claim()) == std::vector{WorkKind::fetch, WorkKind::poll});
    queue.ask(SetDiskGate{DiskGate::open, UINT64_MAX});
    CHECK(kinds_of(queue.claim()) == std::vector{WorkKind::submit});
}

TEST_CASE("submissions stop while the room for their replies is promised away") {
    QueueOptions options = queue_options();
    options.ops[0].reply_bytes_max = 1'000;
    TestQueue queue(options);
    queue.admit();
    queue.admit();
    queue.ask(SetDiskGate{DiskGate::open, 1'500});

    const auto first = queue.claim();
    CHECK(first.size() == 1);
    CHECK(queue.claim().empty());

    queue.report(first[0], TakenUp{{"task-1"}, queue.now + minute});
    CHECK(queue.claim().size() == 1);
}

TEST_CASE("a pause stops buying only, and survives a start") {
    TestQueue queue;
    fetchable(queue, "task-1", hour);
    queue.admit();
    queue.ask(Pause{{}, true, "lunch"});

    queue.restart();

    CHECK(queue.stats().paused);
    CHECK(queue.stats().paused_reason == "lunch");
    CHECK(kinds_of(queue.claim()) == std::vector{WorkKind::fetch});
    queue.ask(Pause{{}, false, {}});
    CHECK(kinds_of(queue.claim()) == std::vector{WorkKind::submit});
}

TEST_CASE("a paused account, and one that nobody knows") {
    TestQueue queue;
    queue.admit();
    CHECK(queue.ask(Pause{"main", true, "maintenance"}).errc == Errc::ok);
    CHECK(queue.ask(Pause{"nobody", true, {}}).errc == Errc::not_found);

    queue.restart();

    CHECK(queue.claim().empty());
    queue.ask(Pause{"main", false, {}});
    CHECK(queue.claim().size() == 1);
}

TEST_CASE("a job with max_cost but no price is never bought") {
    TestQueue queue;
    AdmitOne job = video_job();
    job.spec.quote.reset();
    job.spec.max_cost = 1'000'000;
    const JobSeq parked = queue.admit(job);
    queue.pass(hour);

    CHECK(queue.claim().empty());
    queue.restart();
    CHECK(queue.claim().empty());
    CHECK(queue.state(parked) == State::queued);
    job.spec.max_cost.reset();
    queue.admit(job);
    CHECK(queue.claim().size() == 1);
}

TEST_CASE("a job waits for its time") {
    TestQueue queue;
    AdmitOne job = video_job();
    job.spec.not_before = queue.now + hour;
    queue.admit(job);
    CHECK(queue.claim().empty());
    CHECK(queue.inner().wake_at() <= queue.now + hour);

    queue.pass(hour);

    CHECK(queue.claim().size() == 1);
}

TEST_CASE("a deadline that passes in the queue ends the job unbought") {
    TestQueue queue(queue_options(), {});
    AdmitOne job = video_job();
    job.spec.deadline = queue.now + hour;
    const JobSeq late = queue.admit(job);

    queue.pass(hour);

    const auto record = queue.record(late);
    CHECK(record.state == State::failed);
    REQUIRE(record.failure);
    CHECK(record.failure->failure == proto::FailureClass::deadline);
    CHECK(queue.story(late) == "admitted deadline");
    CHECK(queue.money(late).empty());
}

TEST_CASE("a deadline that passed while nobody ran ends the job at the start") {
    TestQueue queue;
    AdmitOne job = video_job();
    job.spec.deadline = queue.now + hour;
    const JobSeq late = queue.admit(job);
    queue.now += 2 * hour;

    queue.restart();

    CHECK(queue.claim().empty());
    CHECK(queue.state(late) == State::failed);
}

TEST_CASE("a deadline does not touch what is bought; it is marked late") {
    TestQueue queue;
    AdmitOne job = video_job();
    job.spec.deadline = queue.now + minute;
    const Work work = queue.running("task-1", job);

    queue.pass(2 * minute);
    CHECK(queue.state(work.record.seq) == State::running);
    queue.report(work, Done{films(1), "Success"});

    CHECK(queue.record(work.record.seq).late);
    CHECK(queue.state(work.record.seq) == State::fetching);
}

TEST_CASE("a higher priority given later counts at once, and only once") {
    TestQueue queue(queue_options(), {account("main", 1)});
    const JobSeq first = queue.admit();
    const JobSeq later = queue.admit();
    CHECK(queue.ask(Patch{later, {"uid:1000", false}, std::uint8_t{9}, std::nullopt}).errc ==
          Errc::ok);

    const Work work = queue.claim_one();
    CHECK(work.record.seq == later);
    queue.report(work, refused_as(proto::FailureClass::rejected, proto::OnCreate::not_created));
    CHECK(queue.claim_one().record.seq == first);
}

TEST_CASE("jobs bound to an account that is gone wait behind their gate") {
    TestQueue queue(queue_options(), {account("main"), account("old")});
    AdmitOne job = video_job();
    job.spec.account = "old";
    const JobSeq bound = queue.admit(job);
    queue.configure({account("main")});

    CHECK(queue.claim().empty());
    queue.read([&](const Reader& reader) {
        CHECK(reader.explain(bound)->gates.at(0).name == "account_missing");
    });
    queue.configure({account("main"), account("old")});
    CHECK(queue.claim().size() == 1);
}

TEST_CASE("a lowered limit drains and is not exceeded") {
    TestQueue queue;
    for (int job = 0; job < 6; ++job)
        queue.admit();
    const auto out = queue.claim();
    REQUIRE(out.size() == 3);
    queue.configure({account("main", 1)});

    for (const Work& work : out) {
        CHECK(queue.claim().empty());
        queue.report(work, refused_as(proto::FailureClass::rejected, proto::OnCreate::not_created));
    }

    CHECK(queue.claim().size() == 1);
    CHECK(queue.taken() == 1);
}

TEST_CASE("taken slots are counted across a start") {
    TestQueue queue;
    for (int job = 0; job < 4; ++job)
        queue.admit();
    CHECK(queue.claim().size() == 3);

    queue.restart();

    CHECK(queue.taken() == 3);
    const auto work = queue.claim();
    CHECK(kinds_of(work) == std::vector(3, WorkKind::recover));
}

TEST_CASE("fifty thousand jobs behind a quarantined account keep nobody else waiting") {
    TestQueue queue(queue_options(), {account("ill"), account("well")});
    AdmitOne job = video_job();
    job.spec.account = "ill";
    job.spec.priority = 9;
    const auto batch = queue.open_batch();
    for (int chunk = 0; chunk < 100; ++chunk)
        queue.add(batch, std::vector<AdmitOne>(500, job));
    queue.seal(batch);
    queue.report(queue.claim()[0],
                 refused_as(proto::FailureClass::account, proto::OnCreate::not_created,
                            proto::Scope::account, proto::Clearing::person));
    CHECK(queue.claim().empty());
    const auto before = queue.stats();
    AdmitOne healthy = video_job();
    healthy.spec.account = "well";
    healthy.spec.priority = 0;
    const JobSeq job_of_well = queue.admit(healthy);

    const auto work = std::get<Claimed>(queue.ask(Claim{1, 1, 1, 1}).body).work;

    REQUIRE(work.size() == 1);
    CHECK(work[0].record.seq == job_of_well);
    const auto after = queue.stats();
    CHECK(after.entries_visited - before.entries_visited == 1);
    CHECK(after.lanes_visited - before.lanes_visited == 2);
}

TEST_CASE("polls beyond the limit wait for their turn, and none is forgotten") {
    AccountSetup limited = account("main", 10);
    limited.rpm = {{"queries/minimax.video_v1", 60}};
    TestQueue queue(queue_options(), {limited});
    for (int n = 0; n < 5; ++n)
        queue.report(queue.submitting(), TakenUp{{"task-" + std::to_string(n)}, queue.now});
    const auto polled = [&queue] {
        std::size_t polls = 0;
        for (const Work& work : queue.claim())
            polls += work.kind == WorkKind::poll ? 1 : 0;
        return polls;
    };
    queue.pass(minute);

    CHECK(polled() == 1);
    for (int n = 0; n < 5; ++n)
        queue.ask(Hint{"main", "task-" + std::to_string(n)});
    CHECK_MESSAGE(polled() == 0, "a hint brings no poll to the front of those that wait");
    std::size_t all = 1;
    for (int passed = 0; passed < 4; ++passed) {
        queue.pass(second + proto::Duration(1));
        all += polled();
    }
    CHECK(all == 5);
}
