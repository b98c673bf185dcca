#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::Clearing;
using proto::FailureClass;
using proto::JobSeq;
using proto::OnCreate;
using proto::Scope;
using proto::State;

/// State, slots taken and money of a job, in one line.
std::string standing(const TestQueue& queue, JobSeq job) {
    return std::string(proto::to_string(queue.state(job))) + ", slots " +
           std::to_string(queue.taken()) + ", charged " +
           std::to_string(queue.record(job).charged) + ", " + queue.money(job);
}

/// The standing of a fresh job whose submission ended so.
std::string after_submit(const Report& report) {
    TestQueue queue;
    const Work work = queue.submitting();
    CHECK(queue.report(work, report).errc == Errc::ok);
    return standing(queue, work.record.seq);
}

std::string after_poll(const Report& report) {
    TestQueue queue;
    const Work work = queue.running();
    CHECK(queue.report(work, report).errc == Errc::ok);
    return standing(queue, work.record.seq);
}

proto::Failure upstream_failure() {
    return {FailureClass::rejected, "1027", "output is sensitive", false, false, {}};
}

AdmitOne lenient_job(std::uint32_t max_attempts = 3) {
    AdmitOne job = video_job();
    job.spec.on_unknown.policy = proto::OnUnknown::Policy::resubmit;
    job.spec.max_attempts = max_attempts;
    return job;
}

}  // namespace

TEST_CASE("each end of a submission has its state, slot and money") {
    CHECK(after_submit(TakenUp{{"task-1"}, {}}) == "running, slots 1, charged 1, reserved 490000");
    CHECK(after_submit(DeliveredAtOnce{films(1), {}}) ==
          "fetching, slots 0, charged 1, spent 490000");
    CHECK(after_submit(DeliveredAtOnce{{}, R"({"voice_id":"v"})"}) ==
          "succeeded, slots 0, charged 1, spent 490000");
    CHECK(after_submit(refused_as(FailureClass::transient, OnCreate::not_created)) ==
          "queued, slots 0, charged 0, released 490000");
    CHECK(after_submit(refused_as(FailureClass::rejected, OnCreate::not_created)) ==
          "failed, slots 0, charged 0, released 490000");
    CHECK(after_submit(refused_as(FailureClass::rejected, OnCreate::taken_failed)) ==
          "failed, slots 0, charged 1, uncertain 490000");
    CHECK(after_submit(refused_as(FailureClass::transient, OnCreate::ambiguous)) ==
          "held, slots 1, charged 1, uncertain 490000");
    CHECK(after_submit(Ambiguous{"reset"}) == "held, slots 1, charged 1, uncertain 490000");
    CHECK(after_submit(PutBack{"stopping"}) == "queued, slots 0, charged 0, released 490000");
}

TEST_CASE("a refusal after the work that was billed is spent") {
    Refused refused = refused_as(FailureClass::rejected, OnCreate::taken_failed);
    refused.refusal.failure.billed = true;

    CHECK(after_submit(refused) == "failed, slots 0, charged 1, spent 490000");
}

TEST_CASE("each end of a task has its state, slot and money") {
    CHECK(after_poll(Unchanged{{}, "Processing"}) ==
          "running, slots 1, charged 1, reserved 490000");
    CHECK(after_poll(Done{films(2), "Success"}) == "fetching, slots 0, charged 1, spent 490000");
    CHECK(after_poll(Done{{}, "Success"}) == "failed, slots 0, charged 1, spent 490000");
    CHECK(after_poll(Done{{}, "Success", R"({"prompt":"p"})"}) ==
          "succeeded, slots 0, charged 1, spent 490000");
    CHECK(after_poll(Failed{upstream_failure(), false, false}) ==
          "failed, slots 0, charged 1, spent 490000");
    CHECK(after_poll(Failed{upstream_failure(), false, true}) ==
          "failed, slots 0, charged 1, released 490000");
    CHECK(after_poll(Failed{upstream_failure(), true, false}) ==
          "queued, slots 0, charged 1, spent 490000");
    CHECK(after_poll(query_refused(proto::OnQuery::again)) ==
          "running, slots 1, charged 1, reserved 490000");
    CHECK(after_poll(query_refused(proto::OnQuery::final)) ==
          "failed, slots 0, charged 1, spent 490000");
    CHECK(after_poll(query_refused(proto::OnQuery::gone)) ==
          "running, slots 1, charged 1, reserved 490000");
}

TEST_CASE("a report of another send, of another state or of nobody's job is stale") {
    TestQueue queue;
    const Work work = queue.submitting();
    Work other = work;
    other.record.send = 2;
    CHECK(queue.report(other, TakenUp{{"task-1"}, {}}).errc == Errc::stale);
    other = work;
    other.record.seq.value = 99;
    CHECK(queue.report(other, TakenUp{{"task-1"}, {}}).errc == Errc::stale);
    CHECK(queue.report(work, Done{films(1), {}}).errc == Errc::stale);
    CHECK(queue.report(work, ArtifactHome{0}).errc == Errc::stale);
    CHECK(queue.report(work, Searched{}).errc == Errc::stale);
    CHECK(queue.report(work, TakenUp{{}, {}}).errc == Errc::stale);
    CHECK(queue.state(work.record.seq) == State::submitting);

    CHECK(queue.report(work, TakenUp{{"task-1"}, queue.now}).errc == Errc::ok);

    CHECK(queue.report(work, TakenUp{{"task-1"}, {}}).errc == Errc::stale);
    CHECK(queue.report(work, refused_as(FailureClass::transient, OnCreate::not_created)).errc ==
          Errc::stale);
    CHECK(queue.state(work.record.seq) == State::running);
}

TEST_CASE("a late report of an earlier send does not touch the present one") {
    TestQueue queue;
    const Work first = queue.submitting();
    queue.report(first, refused_as(FailureClass::transient, OnCreate::not_created));
    queue.pass(minute);
    const Work second_send = queue.claim_one();
    CHECK(second_send.record.send == 2);

    CHECK(queue.report(first, TakenUp{{"task-1"}, {}}).errc == Errc::stale);

    CHECK(queue.state(first.record.seq) == State::submitting);
    CHECK(queue.money(first.record.seq) == "released 490000, reserved 490000");
}

TEST_CASE("a task that belongs to another job is not taken twice") {
    TestQueue queue;
    queue.running("task-1");
    const Work work = queue.submitting();

    queue.report(work, TakenUp{{"task-1"}, {}});

    CHECK(queue.state(work.record.seq) == State::held);
    CHECK(queue.record(work.record.seq).tasks.empty());
}

TEST_CASE("the same task id at another account is another task") {
    TestQueue queue(queue_options(), {account("main", 1), account("other", 1)});
    queue.running("task-1");
    const Work work = queue.submitting();
    CHECK(work.record.account == "other");

    queue.report(work, TakenUp{{"task-1"}, {}});

    CHECK(queue.state(work.record.seq) == State::running);
}

TEST_CASE("what was refused and bought nothing is tried again after a growing pause") {
    TestQueue queue;
    const JobSeq job = queue.admit();
    proto::Duration ceiling{2'000};
    for (int attempt = 1; attempt <= 12; ++attempt) {
        const Work work = queue.claim_one();
        CHECK(work.record.charged == 1);
        queue.report(work, refused_as(FailureClass::transient, OnCreate::not_created));
        const auto record = queue.record(job);
        CHECK(record.ready_at - queue.now <= ceiling);
        CHECK(record.backoffs == static_cast<std::uint32_t>(attempt));
        queue.pass(ceiling);
        ceiling = std::min<proto::Duration>(2 * ceiling, 5 * minute);
    }
    CHECK(queue.record(job).charged == 0);
    CHECK(queue.record(job).send == 12);
}

TEST_CASE("a refusal that another try might undo is believed the twelfth time in a row") {
    TestQueue queue;
    const JobSeq job = queue.admit();
    Refused doubtful = refused_as(FailureClass::rejected, OnCreate::not_created);
    doubtful.refusal.failure.retryable = true;
    int refused = 0;
    SUBCASE("at once") {}
    SUBCASE("counted anew after other trouble") {
        for (; refused < 11; ++refused, queue.pass(5 * minute))
            queue.report(queue.claim_one(), doubtful);
        Refused other = refused_as(FailureClass::transient, OnCreate::not_created);
        other.refusal.failure.code = "connect";
        queue.report(queue.claim_one(), other);
        queue.pass(5 * minute);
    }
    for (refused = 0; queue.state(job) == State::queued; ++refused, queue.pass(5 * minute))
        queue.report(queue.claim_one(), doubtful);

    CHECK(refused == 12);
    CHECK(queue.state(job) == State::failed);
    CHECK(queue.record(job).charged == 0);
    CHECK(queue.record(job).failure->retryable);
}

TEST_CASE("where the account's gate closes the job waits there, or goes elsewhere at once") {
    TestQueue queue(queue_options(), {account("main", 2), account("other", 1)});
    const Work work = queue.submitting();
    CHECK(work.record.account == "main");

    queue.report(work, refused_as(FailureClass::account, OnCreate::not_created, Scope::account,
                                  Clearing::person));

    const Work again = queue.claim_one();
    CHECK(again.record.account == "other");
    CHECK(again.record.seq == work.record.seq);
    queue.restart();
    queue.admit();
    CHECK(queue.claim().size() == 1);  // the recovery only: main is still out
}

TEST_CASE("a success ends the slowing down of its account") {
    TestQueue queue;
    const Work slow = queue.submitting();
    queue.report(slow,
                 refused_as(FailureClass::rate_limited, OnCreate::not_created, Scope::account));
    CHECK(queue.claim().empty());
    queue.pass(2 * second);
    const Work work = queue.claim_one();

    queue.report(work, TakenUp{{"task-1"}, queue.now + hour});

    CHECK(queue.core().memory().capacity.state("main").quarantines.empty());
    queue.restart();
    CHECK(queue.core().memory().capacity.state("main").quarantines.empty());
}

TEST_CASE("an unknown send is held unless the job allows another purchase") {
    TestQueue queue;
    const Work work = queue.submitting();
    queue.report(work, Ambiguous{"the connection was reset"});

    const auto record = queue.record(work.record.seq);
    CHECK(record.state == State::held);
    CHECK(queue.story(record.seq) == "admitted claimed ambiguous given_up");
    CHECK(record.reason.find("reset") != std::string::npos);
    queue.pass(day);
    CHECK(queue.claim().empty());
    CHECK(queue.taken() == 0);
}

TEST_CASE("on_unknown resubmit buys again, within max_attempts") {
    TestQueue queue;
    const JobSeq job = queue.admit(lenient_job(2));
    queue.report(queue.claim_one(), Ambiguous{"reset"});
    CHECK(queue.state(job) == State::queued);
    CHECK(queue.taken() == 1);
    queue.pass(minute);

    const Work work = queue.claim_one();
    CHECK(work.record.charged == 2);
    CHECK(queue.taken() == 2);
    queue.report(work, Ambiguous{"reset"});

    CHECK(queue.state(job) == State::held);
    CHECK(queue.money(job) == "uncertain 490000, uncertain 490000");
}

TEST_CASE("on_unknown resubmit buys again within max_cost only") {
    TestQueue queue;
    AdmitOne dear = lenient_job();
    dear.spec.max_cost = 900'000;
    const Work work = queue.submitting(dear);
    queue.report(work, Ambiguous{"reset"});
    CHECK(queue.state(work.record.seq) == State::held);

    dear.spec.max_cost = 980'000;
    const Work other = queue.submitting(dear);
    queue.report(other, Ambiguous{"reset"});
    CHECK(queue.state(other.record.seq) == State::queued);
}

TEST_CASE("on_unknown resubmit_up_to buys again what costs no more") {
    const auto after = [](proto::Micros up_to, bool priced) {
        TestQueue queue;
        AdmitOne job = video_job();
        job.spec.on_unknown = {proto::OnUnknown::Policy::resubmit_up_to, up_to};
        if (!priced) job.spec.quote.reset();
        const Work work = queue.submitting(job);
        queue.report(work, Ambiguous{"reset"});
        return queue.state(work.record.seq);
    };

    CHECK(after(490'000, true) == State::queued);
    CHECK(after(489'999, true) == State::held);
    CHECK(after(490'000, false) == State::held);
}

TEST_CASE("on_unknown does not buy past the deadline") {
    TestQueue queue;
    AdmitOne job = lenient_job();
    job.spec.deadline = queue.now + minute;
    const Work work = queue.submitting(job);
    queue.now += 2 * minute;

    queue.report(work, Ambiguous{"reset"});

    CHECK(queue.state(work.record.seq) == State::held);
}

TEST_CASE("an unknown send is looked for until its window ends") {
    QueueOptions options = queue_options();
    options.ops[0].unknown_window = 10 * minute;
    TestQueue queue(options);
    const Work work = queue.submitting(listed_job());
    queue.report(work, Ambiguous{"reset"});
    CHECK(queue.state(work.record.seq) == State::unknown);
    CHECK(queue.taken() == 1);

    SUBCASE("found") {
        const Work search = queue.claim_one();
        CHECK(search.kind == WorkKind::reconcile);
        queue.report(search, seen({{"task-1", "clip", queue.now}}));
        CHECK(standing(queue, work.record.seq) == "running, slots 1, charged 1, reserved 490000");
        CHECK(queue.claim_one().kind == WorkKind::poll);
    }
    SUBCASE("absent") {
        queue.pass(6 * minute);
        queue.report(queue.claim_one(), seen({}, queue.now));
        CHECK(standing(queue, work.record.seq) == "queued, slots 0, charged 0, released 490000");
    }
    SUBCASE("neither, and the window ends between two searches") {
        queue.report(queue.claim_one(), Unchanged{queue.now + hour, {}});
        queue.pass(10 * minute);
        CHECK(standing(queue, work.record.seq) == "held, slots 1, charged 1, uncertain 490000");
    }
    SUBCASE("neither, and the window ends during a search") {
        const Work search = queue.claim_one();
        queue.pass(10 * minute);
        CHECK(queue.state(work.record.seq) == State::unknown);
        queue.report(search, Unchanged{queue.now + second, {}});
        CHECK(standing(queue, work.record.seq) == "held, slots 1, charged 1, uncertain 490000");
    }
    SUBCASE("the window ended while nobody ran") {
        queue.now += hour / 2;
        queue.restart();
        queue.settle();
        CHECK(queue.state(work.record.seq) == State::held);
    }
}

TEST_CASE("a submission that was on the wire at a crash is asked about, not repeated") {
    TestQueue queue;
    const Work work = queue.submitting();

    queue.restart();

    const Work found = queue.claim_one();
    CHECK(found.kind == WorkKind::recover);
    CHECK(found.record.seq == work.record.seq);
    CHECK(found.record.send == 1);
    queue.report(found, DeliveredAtOnce{films(1), {}});
    CHECK(standing(queue, work.record.seq) == "fetching, slots 0, charged 1, spent 490000");
}

TEST_CASE("a submission that was on the wire at a crash is asked about even if it is canceled") {
    TestQueue queue;
    const Work work = queue.submitting();

    queue.restart();
    CHECK(queue.act(work.record.seq, Verb::cancel).errc == Errc::ok);

    const Work found = queue.claim_one();
    CHECK(found.kind == WorkKind::recover);
    CHECK(found.record.seq == work.record.seq);
}

TEST_CASE("a task that failed is bought anew only within max_attempts, max_cost and deadline") {
    const auto after = [](AdmitOne job, proto::Duration span = proto::Duration(0)) {
        TestQueue queue;
        const Work work = queue.running("task-1", std::move(job));
        queue.now += span;
        queue.report(work, Failed{upstream_failure(), true, false});
        return queue.state(work.record.seq);
    };
    AdmitOne once = video_job();
    once.spec.max_attempts = 1;
    AdmitOne cheap = video_job();
    cheap.spec.max_cost = 600'000;
    AdmitOne hurried;
    hurried = video_job();
    hurried.spec.deadline = proto::Instant(proto::Duration(1'800'000'000'000)) + minute;

    CHECK(after(video_job()) == State::queued);
    CHECK(after(once) == State::failed);
    CHECK(after(cheap) == State::failed);
    CHECK(after(hurried) == State::queued);
    CHECK(after(hurried, minute) == State::failed);
}

TEST_CASE("what an unbilled failure gives back counts towards max_cost") {
    TestQueue queue;
    AdmitOne cheap = video_job();
    cheap.spec.max_cost = 600'000;
    const Work work = queue.running("task-1", cheap);

    queue.report(work, Failed{upstream_failure(), true, true});

    CHECK(queue.state(work.record.seq) == State::queued);
}

TEST_CASE("gone is believed after three times over two minutes") {
    TestQueue queue;
    Work work = queue.running();
    const JobSeq job = work.record.seq;
    const auto say_gone = [&] {
        QueryRefused gone = query_refused(proto::OnQuery::gone, FailureClass::expired);
        gone.poll_at = queue.now;
        queue.report(work, gone);
    };
    for (int time = 0; time < 5; ++time) {
        say_gone();
        CHECK(queue.state(job) == State::running);
        work = queue.claim_one();
    }
    queue.now += 2 * minute;
    say_gone();

    CHECK(standing(queue, job) == "failed, slots 0, charged 1, spent 490000");
    CHECK(queue.record(job).failure->failure == FailureClass::expired);
    CHECK(queue.record(job).tasks[0].status == proto::Task::Status::gone);
}

TEST_CASE("an answer in between makes gone begin anew, also across a start") {
    TestQueue queue;
    Work work = queue.running();
    const JobSeq job = work.record.seq;
    QueryRefused gone = query_refused(proto::OnQuery::gone, FailureClass::expired);
    for (int time = 0; time < 2; ++time) {
        gone.poll_at = queue.now;
        queue.report(work, gone);
        work = queue.claim_one();
    }
    queue.report(work, Unchanged{queue.now, {}});
    queue.now += 3 * minute;
    work = queue.claim_one();
    queue.report(work, gone);
    CHECK(queue.state(job) == State::running);
    queue.restart();
    queue.report(queue.claim_one(), gone);
    queue.now += 2 * minute;
    queue.restart();

    queue.report(queue.claim_one(), gone);

    CHECK(queue.state(job) == State::failed);
}

TEST_CASE("a task gone after the account's key changed is held, not failed") {
    TestQueue queue;
    Work work = queue.running();
    queue.now += second;
    AccountSetup changed = account("main");
    changed.key_group = "another key";
    queue.configure({changed});
    queue.restart();
    QueryRefused gone = query_refused(proto::OnQuery::gone, FailureClass::expired);
    for (int time = 0; time < 3; ++time) {
        work = queue.claim_one();
        queue.now += minute;
        gone.poll_at = queue.now;
        queue.report(work, gone);
    }

    CHECK(standing(queue, work.record.seq) == "held, slots 1, charged 1, spent 490000");
    CHECK(queue.record(work.record.seq).reason.find("key of account main") != std::string::npos);
    queue.act(work.record.seq, Verb::retry);
    CHECK(queue.state(work.record.seq) == State::running);
    CHECK(queue.taken() == 1);
}

TEST_CASE("past its patience a job is overdue, its slot is given and it is polled on") {
    TestQueue queue;
    const Work work = queue.running();
    queue.report(work, Unchanged{queue.now + 2 * hour, "Processing"});

    queue.pass(hour);

    const auto record = queue.record(work.record.seq);
    CHECK(record.state == State::running);
    CHECK(record.overdue);
    CHECK(queue.taken() == 0);
    CHECK(queue.story(record.seq) == "admitted claimed taken troubled");
    queue.report(queue.claim_one(), Done{films(1), "Success"});
    CHECK_FALSE(queue.record(work.record.seq).overdue);
    CHECK(queue.taken() == 0);
}

TEST_CASE("a slot is not given back while the request may still be on the wire") {
    TestQueue queue;
    const Work work = queue.submitting();

    queue.pass(3 * hour);

    CHECK(queue.taken() == 1);
    queue.report(work, TakenUp{{"task-1"}, queue.now + hour});
    queue.pass(minute);
    CHECK(queue.taken() == 0);
    CHECK(queue.record(work.record.seq).overdue);
}

TEST_CASE("a word of the upstream is kept, and an unchanged one writes nothing") {
    TestQueue queue;
    Work work = queue.running();
    queue.report(work, Unchanged{queue.now, "Preparing"});
    CHECK(queue.record(work.record.seq).upstream_state == "Preparing");
    const auto commits = queue.stats().commits;

    for (int poll = 0; poll < 5; ++poll)
        queue.report(queue.claim_one(), Unchanged{queue.now, "Preparing"});

    CHECK(queue.stats().commits == commits);
}

TEST_CASE("artifacts come home one by one, each named on disk before it is renamed") {
    TestQueue queue;
    const Work work = queue.fetching(2);
    const JobSeq job = work.record.seq;
    queue.report(work, ArtifactNamed{0, "a.mp4", "video/mp4", 7, "00ff"});
    CHECK(queue.record(job).artifacts[0].status == proto::Artifact::Status::named);
    queue.report(work, ArtifactHome{0});
    CHECK(queue.state(job) == State::fetching);
    CHECK(queue.claim().empty());
    CHECK(queue.report(work, ArtifactHome{7}).errc == Errc::stale);

    const Work next = queue.claim_one();
    queue.report(next, ArtifactNamed{1, "b.mp4", "video/mp4", 8, "11ff"});
    queue.report(next, ArtifactHome{1});

    const auto record = queue.record(job);
    CHECK(record.state == State::succeeded);
    CHECK_FALSE(record.partial);
    CHECK(record.artifacts[1].name == "b.mp4");
    CHECK(record.artifacts[1].bytes == 8);
    CHECK(record.finished_at == queue.now);
}

TEST_CASE("some artifacts home and the others lost is a partial success; none is a failure") {
    const proto::Failure dead{FailureClass::artifact, "link_expired", "403", false, false, {}};
    TestQueue queue;
    const Work some = queue.fetching(2);
    queue.report(some, ArtifactNamed{0, "a.mp4", "video/mp4", 7, "00ff"});
    queue.report(some, ArtifactHome{0});
    queue.report(some, ArtifactLost{1, dead});
    CHECK(queue.state(some.record.seq) == State::succeeded);
    CHECK(queue.record(some.record.seq).partial);
    CHECK(queue.record(some.record.seq).failure == dead);

    const Work none = queue.submitting();
    queue.report(none, DeliveredAtOnce{films(1), {}});
    queue.report(queue.claim_one(), ArtifactLost{0, dead});
    CHECK(queue.state(none.record.seq) == State::failed);
    CHECK(queue.money(none.record.seq) == "spent 490000");
}

TEST_CASE("fetching is tried again for as long as its patience, and nothing is bought anew") {
    TestQueue queue;
    Work work = queue.fetching();
    const JobSeq job = work.record.seq;
    for (int time = 0; time < 24; ++time) {
        CHECK(queue.report(work, FetchLater{queue.now + hour, "no route"}).errc == Errc::ok);
        CHECK(queue.state(job) == State::fetching);
        CHECK(queue.claim().empty());
        queue.pass(hour);
        work = queue.claim_one();
    }

    queue.report(work, FetchLater{queue.now + hour, "no route"});

    CHECK(queue.state(job) == State::failed);
    CHECK(queue.record(job).failure->code == "artifact.patience");
    CHECK(queue.record(job).send == 1);
}

TEST_CASE("an upstream that takes no more at once is not offered more, until a minute later") {
    TestQueue queue;
    queue.running("task-1");
    queue.running("task-2");
    const Work third = queue.submitting();
    queue.report(third, refused_as(FailureClass::no_capacity, proto::OnCreate::not_created,
                                   proto::Scope::op));
    CHECK(queue.state(third.record.seq) == State::queued);

    queue.pass(30 * tests::second);  // what was refused may be tried again
    queue.claim();
    CHECK(queue.state(third.record.seq) == State::queued);
    queue.pass(30 * tests::second);
    queue.claim();
    CHECK(queue.state(third.record.seq) == State::submitting);
}
