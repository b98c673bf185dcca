#include <doctest/doctest.h>

#include "queue/keys.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;
using proto::State;

std::string id_of(const TestQueue& queue, JobSeq job) {
    return queue.record(job).id.text();
}

AdmitOne after(std::vector<std::string> names, const std::string& custom_id = {}) {
    AdmitOne job = video_job();
    job.after = std::move(names);
    job.spec.custom_id = custom_id;
    return job;
}

AdmitOne named(const std::string& custom_id) {
    return after({}, custom_id);
}

JobSeq admit_after(TestQueue& queue, std::vector<JobSeq> jobs) {
    std::vector<std::string> names;
    for (const JobSeq job : jobs)
        names.push_back(id_of(queue, job));
    return queue.admit(after(std::move(names)));
}

/// Brings a job that is submitted next to its good end.
void succeed(TestQueue& queue, JobSeq job) {
    for (const Work& work : queue.claim()) {
        if (work.record.seq == job) queue.report(work, DeliveredAtOnce{{}, "{}"});
    }
    REQUIRE(queue.state(job) == State::succeeded);
    queue.settle();
}

AdmitOne taking(const std::string& job, std::uint32_t n, const std::string& custom_id = {}) {
    AdmitOne taker = named(custom_id);
    taker.inputs = {{{"request.first_frame_image", job, n, {}}, {}}};
    return taker;
}

/// Brings a job home with two artifacts; of which the second is lost if so told.
void deliver(TestQueue& queue, JobSeq job, bool second_lost = false) {
    proto::Artifact file;
    file.media_type = "image/jpeg";
    for (const Work& work : queue.claim()) {
        if (work.record.seq == job) queue.report(work, DeliveredAtOnce{{file, file}, {}});
    }
    for (const Work& work : queue.claim()) {
        if (work.record.seq != job) continue;
        for (const std::uint32_t n : {0U, 1U}) {
            const std::string name = std::to_string(n) + ".jpg";
            if (n == 1 && second_lost) {
                queue.report(work, ArtifactLost{n, {}});
            } else {
                queue.report(work, ArtifactNamed{n, name, "image/jpeg", 7 + n, "hash " + name});
                queue.report(work, ArtifactHome{n});
            }
        }
    }
    REQUIRE(queue.state(job) == State::succeeded);
    queue.settle();
}

std::vector<Gate> gates(const TestQueue& queue, JobSeq job) {
    std::vector<Gate> found;
    queue.read([&](const Reader& reader) { found = reader.explain(job)->gates; });
    return found;
}

std::vector<JobSeq> members(const TestQueue& queue, proto::BatchSeq batch) {
    std::vector<JobSeq> jobs;
    queue.read([&](const Reader& reader) { jobs = reader.batch_jobs(batch, {}, 100); });
    return jobs;
}

}  // namespace

TEST_CASE("a job waits for all that it comes after, and goes once they have succeeded") {
    TestQueue queue;
    const JobSeq one = queue.admit();
    const JobSeq two = queue.admit();
    const JobSeq last = admit_after(queue, {one, two, one});
    CHECK(queue.state(last) == State::blocked);
    REQUIRE(gates(queue, last).size() == 2);
    CHECK(gates(queue, last)[0].name == "dependency");
    CHECK(gates(queue, last)[0].detail == "after " + id_of(queue, one) + ", which is queued");

    SUBCASE("in one life") {}
    SUBCASE("through a restart while it waits") {
        queue.restart();
    }

    const auto work = queue.claim();
    REQUIRE(work.size() == 2);
    queue.report(work[0], DeliveredAtOnce{{}, "{}"});
    queue.settle();
    CHECK(queue.state(last) == State::blocked);
    CHECK(queue.claim().empty());
    queue.report(work[1], DeliveredAtOnce{{}, "{}"});
    queue.settle();
    CHECK(queue.state(last) == State::queued);
    CHECK(queue.claim_one().record.seq == last);
    CHECK(queue.story(last) == "admitted_blocked unblocked claimed");
}

TEST_CASE("what has succeeded before is not waited for") {
    TestQueue queue;
    const JobSeq one = queue.admit();
    succeed(queue, one);
    CHECK(queue.state(admit_after(queue, {one})) == State::queued);
}

TEST_CASE("a job fails with those that it comes after, and so does what comes after it") {
    TestQueue queue;
    const JobSeq one = queue.admit();
    const JobSeq two = admit_after(queue, {one});
    const JobSeq three = admit_after(queue, {two});

    queue.act(one, Verb::cancel);
    queue.settle();

    CHECK(queue.state(two) == State::failed);
    CHECK(queue.state(three) == State::failed);
    const auto record = queue.record(two);
    REQUIRE(record.failure);
    CHECK(record.failure->failure == proto::FailureClass::dependency);
    CHECK(record.failure->message ==
          "it was to come after a job that did not succeed: " + id_of(queue, one) + " is canceled");
    CHECK(queue.money(two).empty());
    CHECK(queue.state(admit_after(queue, {one})) == State::failed);  // and at once
}

TEST_CASE("one that has failed counts, whatever the others still do") {
    TestQueue queue;
    const JobSeq open = queue.admit();
    const JobSeq bad = queue.admit();
    const JobSeq last = admit_after(queue, {open, bad});
    queue.act(bad, Verb::cancel);
    queue.settle();
    CHECK(queue.state(open) == State::queued);
    CHECK(queue.state(last) == State::failed);
}

TEST_CASE("what was free to go once does not ask again, though the other is forgotten") {
    TestQueue queue;
    const JobSeq one = queue.admit();
    const JobSeq two = admit_after(queue, {one});
    succeed(queue, one);
    REQUIRE(queue.state(two) == State::queued);
    queue.pass(queue.options.retain_jobs - hour);
    queue.act(two, Verb::cancel);
    queue.pass(2 * hour);
    queue.settle();
    REQUIRE_FALSE(queue.exists(one));

    CHECK(queue.act(two, Verb::retry).errc == Errc::ok);
    CHECK(queue.state(two) == State::queued);
}

TEST_CASE("a job that came after one that failed and is forgotten is to be handed in anew") {
    TestQueue queue;
    const JobSeq one = queue.admit();
    const std::string id = id_of(queue, one);
    queue.act(one, Verb::cancel);
    queue.pass(queue.options.retain_jobs - hour);
    const JobSeq two = queue.admit(after({id}));
    REQUIRE(queue.state(two) == State::failed);
    queue.pass(2 * hour);
    queue.settle();
    REQUIRE_FALSE(queue.exists(one));

    const Answer answer = queue.act(two, Verb::retry);
    CHECK(answer.errc == Errc::not_allowed);
    CHECK(answer.detail ==
          "it comes after a job that did not succeed: " + id + " is gone; hand this one in anew");
}

TEST_CASE("an end is not overlooked where the process dies before those behind it are looked at") {
    TestQueue queue;
    const JobSeq good = queue.admit();
    const JobSeq bad = queue.admit();
    const JobSeq one = admit_after(queue, {good});
    const JobSeq two = admit_after(queue, {bad});
    // The turn of the end is the last one of its life.
    const auto work = queue.claim();
    const auto outcome = [](const Work& step, Report report) {
        return Advance{step.record.seq, step.record.send, step.record.state, std::move(report)};
    };
    const Refused no = refused_as(proto::FailureClass::rejected, proto::OnCreate::not_created);
    queue.ask_at_once({outcome(work[0], DeliveredAtOnce{{}, "{}"}), outcome(work[1], no)});
    REQUIRE(queue.state(one) == State::blocked);
    REQUIRE(queue.state(two) == State::blocked);

    queue.restart();
    queue.settle();

    CHECK(queue.state(one) == State::queued);
    CHECK(queue.state(two) == State::failed);
}

TEST_CASE("a job that is not there cannot be waited for") {
    TestQueue queue;
    const JobSeq one = queue.admit();
    const std::string id = id_of(queue, one);
    const auto answer = queue.ask(Admit{after({id, "01K00000000000000000000000"})});
    CHECK(answer.errc == Errc::bad_job);
    CHECK(answer.detail == "after[1]: '01K00000000000000000000000' is no job's id");

    const auto batch = queue.open_batch();
    CHECK(queue.add(batch, {after({"me"}, "me"), after({"later"}), named("later")}) == 1);
    queue.seal(batch);
    std::vector<RefusedLine> lines;
    queue.read([&](const Reader& reader) { lines = reader.refused_lines(batch, 0, 10); });
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].line == 1);
    CHECK(lines[0].field == "after[0]");
    CHECK(lines[0].message ==
          "after[0]: 'me' is no job's id, and no earlier line that was taken has it as its "
          "custom_id");
}

TEST_CASE("lines of a batch come after earlier ones, by custom_id, before ids") {
    TestQueue queue;
    const JobSeq outside = queue.admit();
    const std::string id = id_of(queue, outside);
    const auto batch = queue.open_batch(BatchSource::inbox, "inode 7");
    REQUIRE(queue.add(batch, {named("a"), after({"a"}), named(id), after({id})}) == 4);
    queue.seal(batch);
    queue.settle();

    const auto jobs = members(queue, batch);
    REQUIRE(jobs.size() == 4);
    CHECK(gates(queue, jobs[1])[0].detail ==
          "after " + id_of(queue, jobs[0]) + ", which is queued");
    CHECK(gates(queue, jobs[3])[0].detail ==
          "after " + id_of(queue, jobs[2]) + ", which is queued");
}

TEST_CASE("what ends before the seal counts after it") {
    TestQueue queue;
    const JobSeq good = queue.admit();
    const JobSeq bad = queue.admit();
    const auto batch = queue.open_batch(BatchSource::inbox, "inode 7");
    REQUIRE(queue.add(batch, {named("a"), after({"a"}, "b"), after({id_of(queue, good)}),
                              after({id_of(queue, bad)})}) == 4);
    queue.act(bad, Verb::cancel);
    succeed(queue, good);
    SUBCASE("in one life") {}
    SUBCASE("in two") {
        queue.restart();
    }
    queue.seal(batch);
    queue.settle();

    const auto jobs = members(queue, batch);
    REQUIRE(jobs.size() == 4);
    CHECK(queue.state(jobs[0]) == State::queued);
    CHECK(queue.state(jobs[1]) == State::blocked);
    CHECK(queue.state(jobs[2]) == State::queued);
    CHECK(queue.state(jobs[3]) == State::failed);
    CHECK(queue.stats().by_state.at(static_cast<std::size_t>(State::blocked)) == 1);
}

TEST_CASE("a batch that is dropped leaves nothing of its waiting behind") {
    TestQueue queue;
    const JobSeq one = queue.admit();
    const auto batch = queue.open_batch();
    REQUIRE(queue.add(batch, {after({id_of(queue, one)})}) == 1);
    const std::string row = keys::awaited(one, {one.value + 1});
    REQUIRE(queue.core().store().get(row));
    queue.ask(DropBatch{batch});
    queue.settle();
    CHECK_FALSE(queue.core().store().get(row));
}

TEST_CASE("a blocked job is canceled at once, and late at its deadline") {
    TestQueue queue;
    const JobSeq one = queue.admit();
    const JobSeq two = admit_after(queue, {one});
    AdmitOne hasty = after({id_of(queue, one)});
    hasty.spec.deadline = queue.now + minute;
    const JobSeq three = queue.admit(std::move(hasty));
    SUBCASE("in one life") {}
    SUBCASE("in two") {
        queue.restart();
        queue.settle();
    }

    CHECK(queue.act(two, Verb::cancel).errc == Errc::ok);
    CHECK(queue.state(two) == State::canceled);
    queue.pass(2 * minute);
    queue.settle();
    CHECK(queue.state(three) == State::failed);
    CHECK(queue.record(three).failure->failure == proto::FailureClass::deadline);
}

TEST_CASE("a retry waits again for what is open, and asks for what has failed first") {
    TestQueue queue;
    const JobSeq one = queue.admit();
    const JobSeq two = admit_after(queue, {one});
    queue.act(one, Verb::cancel);
    queue.settle();
    REQUIRE(queue.state(two) == State::failed);

    const Answer early = queue.act(two, Verb::retry);
    CHECK(early.errc == Errc::not_allowed);
    CHECK(early.detail == "it comes after a job that did not succeed: " + id_of(queue, one) +
                              " is canceled; retry that one first");
    queue.act(one, Verb::retry);
    CHECK(queue.act(two, Verb::retry).errc == Errc::ok);
    CHECK(queue.state(two) == State::blocked);
    succeed(queue, one);
    CHECK(queue.state(two) == State::queued);
    succeed(queue, two);
    // What it has had once is of the past.
    queue.act(one, Verb::retry, true);
    CHECK(queue.act(two, Verb::retry, true).errc == Errc::ok);
    CHECK(queue.state(two) == State::queued);
}

TEST_CASE("retention leaves alone what others wait for") {
    TestQueue queue;
    const JobSeq one = queue.admit();
    const JobSeq other = queue.admit();
    const JobSeq two = admit_after(queue, {one, other});
    for (const Work& work : queue.claim()) {
        if (work.record.seq == one) queue.report(work, DeliveredAtOnce{{}, "{}"});
    }
    queue.pass(queue.options.retain_jobs + day);
    queue.settle();
    REQUIRE(queue.exists(one));

    queue.act(two, Verb::cancel);
    queue.pass(hour);
    queue.settle();
    CHECK_FALSE(queue.exists(one));
}

TEST_CASE("a thousand and more that others wait for do not stand in the way of retention") {
    TestQueue queue;
    const JobSeq open = queue.admit(music_job());
    std::vector<JobSeq> jobs;
    for (int n = 0; n < 1'200; ++n) {
        jobs.push_back(queue.admit());
        queue.act(jobs.back(), Verb::cancel);
        queue.act(jobs.back(), Verb::retry);
    }
    for (int n = 0; n < 1'200; n += 50) {
        std::vector<JobSeq> some(jobs.begin() + n, jobs.begin() + n + 50);
        some.push_back(open);
        admit_after(queue, some);
    }
    while (queue.stats().by_state.at(static_cast<std::size_t>(State::queued)) > 1) {
        for (const Work& work : queue.claim()) {
            if (work.record.seq != open) queue.report(work, DeliveredAtOnce{{}, "{}"});
        }
    }
    queue.pass(minute);
    const JobSeq last = queue.admit();
    queue.act(last, Verb::cancel);
    queue.pass(queue.options.retain_jobs + day);
    queue.settle();
    CHECK(queue.exists(jobs.front()));
    CHECK_FALSE(queue.exists(last));
}

TEST_CASE("a thousand and more that wait for one are all told of its end") {
    TestQueue queue;
    const JobSeq one = queue.admit();
    State told = State::queued;
    std::vector<AdmitOne> jobs;
    for (int n = 0; n < 2'500; ++n)
        jobs.push_back(after({id_of(queue, one)}));
    const auto batch = queue.open_batch();
    REQUIRE(queue.add(batch, std::move(jobs)) == 2'500);
    queue.seal(batch);
    queue.settle();
    SUBCASE("a good one") {
        succeed(queue, one);
    }
    SUBCASE("a bad one") {
        told = State::failed;
        queue.act(one, Verb::cancel);
        queue.settle();
    }
    const auto by_state = queue.stats().by_state;
    CHECK(by_state.at(static_cast<std::size_t>(State::blocked)) == 0);
    CHECK(by_state.at(static_cast<std::size_t>(told)) == 2'500);
}

TEST_CASE(
    "a job waits for the job whose file it takes, and the file is settled when that is there") {
    TestQueue queue;
    const JobSeq first = queue.admit(video_job());
    const JobSeq taker = queue.admit(taking(id_of(queue, first), 1));
    CHECK(queue.state(taker) == State::blocked);
    CHECK(queue.record(taker).after == std::vector{queue.record(first).id});
    deliver(queue, first);
    SUBCASE("in one life") {}
    SUBCASE("and stays so through a restart") {
        queue.restart();
    }
    const proto::JobRecord record = queue.record(taker);
    REQUIRE(record.inputs.size() == 1);
    const proto::Input wanted{queue.record(first).id, 1, "1.jpg", "image/jpeg", 8, "hash 1.jpg"};
    CHECK(record.inputs[0] == wanted);

    const Work work = queue.claim_one();
    CHECK(work.record.seq == taker);
    CHECK(work.record.state == State::preparing);
    CHECK(queue.money(taker) == "");
    const Answer answer = queue.report(work, Prepared{});
    CHECK(std::get<Changed>(answer.body).state == State::submitting);
    CHECK(queue.money(taker) == "reserved 490000");
    CHECK(queue.claim().empty());
    Work paid = work;
    paid.record.state = State::submitting;
    queue.report(paid, DeliveredAtOnce{{}, "{}"});
    CHECK(queue.state(taker) == State::succeeded);
}

TEST_CASE("a job that takes a file of one that has ended well goes at once") {
    TestQueue queue;
    const JobSeq first = queue.admit(video_job());
    deliver(queue, first, true);
    const JobSeq taker = queue.admit(taking(id_of(queue, first), 0));
    CHECK(queue.state(taker) == State::queued);
    CHECK(queue.record(taker).inputs.at(0).name == "0.jpg");

    for (const std::uint32_t n : {1U, 2U}) {
        const JobSeq late = queue.admit(taking(id_of(queue, first), n));
        CHECK(queue.state(late) == State::failed);
        const std::string why = queue.record(late).failure->message;
        CHECK(why == "it takes a file that there is not: artifact " + std::to_string(n) + " of " +
                         id_of(queue, first));
        const Answer again = queue.act(late, Verb::retry);
        CHECK(again.errc == Errc::not_allowed);
        CHECK(again.detail.find("a file that there is not") != std::string::npos);
    }
}

TEST_CASE("a line takes a file of an earlier line by its custom_id") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    CHECK(queue.add(batch, {named("picture"), taking("picture", 0), taking("nobody", 0)}) == 2);
    queue.seal(batch);
    queue.settle();
    const auto jobs = members(queue, batch);
    REQUIRE(jobs.size() == 2);
    CHECK(queue.record(jobs[1]).inputs.at(0).job == queue.record(jobs[0]).id);
    std::vector<RefusedLine> refused;
    queue.read([&](const Reader& reader) { refused = reader.refused_lines(batch, 0, 10); });
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].field == "request.first_frame_image");
    CHECK(refused[0].message.find("'nobody' is no job's id") != std::string::npos);

    const Answer alone = queue.ask(Admit{taking("picture", 0)});
    CHECK(alone.errc == Errc::bad_job);
    CHECK(alone.field == "request.first_frame_image");
}

TEST_CASE("what is prepared is not bought where a gate has closed meanwhile") {
    TestQueue queue;
    const JobSeq first = queue.admit(video_job());
    deliver(queue, first);
    const JobSeq taker = queue.admit(taking(id_of(queue, first), 0));
    const Work work = queue.claim_one();
    State then = State::queued;
    SUBCASE("the queue is paused") {
        queue.ask(Pause{{}, true, "a look around"});
    }
    SUBCASE("its account is paused") {
        queue.ask(Pause{"main", true, "a look around"});
    }
    SUBCASE("its account is gone") {
        queue.configure({});
    }
    SUBCASE("it was canceled") {
        queue.act(taker, Verb::cancel);
        then = State::canceled;
    }
    SUBCASE("it was canceled, and retried") {
        queue.act(taker, Verb::cancel);
        queue.act(taker, Verb::retry);
        CHECK(queue.claim().empty());
    }
    queue.report(work, Prepared{});
    CHECK(queue.state(taker) == then);
    CHECK(queue.money(taker) == "");
    CHECK(queue.taken() == 0);
}

TEST_CASE("a job that was being prepared is prepared again after a start, and nothing is owed") {
    TestQueue queue;
    const JobSeq first = queue.admit(video_job());
    deliver(queue, first);
    const JobSeq taker = queue.admit(taking(id_of(queue, first), 0));
    CHECK(queue.claim_one().record.state == State::preparing);
    queue.restart();
    CHECK(queue.taken() == 1);
    const Work found = queue.claim_one();
    CHECK(found.kind == WorkKind::recover);
    SUBCASE("") {
        queue.report(found, PutBack{"the process ended"});
        CHECK(queue.state(taker) == State::queued);
        CHECK(queue.taken() == 0);
        CHECK(queue.record(taker).send == 0);
        CHECK(queue.act(taker, Verb::resolve_adopt, false, {"task-9"}).errc == Errc::bad_task);
    }
    SUBCASE("unless five processes have died of it") {
        for (int death = 0; death < 4; ++death) {
            queue.ask(Blame{taker});
            CHECK(queue.state(taker) == State::preparing);
            queue.restart();
        }
        queue.ask(Blame{taker});
        CHECK(queue.state(taker) == State::held);
        CHECK(queue.money(taker) == "");
        CHECK(queue.taken() == 0);
        for (const Verb verb : {Verb::resolve_absent, Verb::resolve_lost}) {
            const Answer nothing = queue.act(taker, verb);
            CHECK(nothing.errc == Errc::not_allowed);
            CHECK(nothing.detail.find("nothing of it was sent") != std::string::npos);
        }
        CHECK(queue.act(taker, Verb::retry).errc == Errc::ok);
        CHECK(queue.state(taker) == State::queued);
        CHECK_FALSE(queue.record(taker).unsent);
    }
}

TEST_CASE("the patience for a slot counts from the send, however long it was prepared") {
    TestQueue queue;
    const proto::Duration patience = queue.options.ops.front().patience;
    const JobSeq first = queue.admit(video_job());
    deliver(queue, first);
    const JobSeq taker = queue.admit(taking(id_of(queue, first), 0));
    Work work = queue.claim_one();
    queue.pass(patience + proto::Duration(1'000));
    queue.settle();
    CHECK(queue.taken() == 1);
    queue.report(work, Prepared{});
    work.record.state = State::submitting;
    queue.report(work, TakenUp{{"task-1"}, queue.now});
    queue.pass(patience - proto::Duration(1'000));
    queue.settle();
    CHECK(queue.taken() == 1);
    queue.pass(proto::Duration(2'000));
    queue.settle();
    CHECK(queue.taken() == 0);
    CHECK(queue.record(taker).overdue);
}

TEST_CASE("what is prepared after its deadline is not bought") {
    TestQueue queue;
    const JobSeq first = queue.admit(video_job());
    deliver(queue, first);
    AdmitOne job = taking(id_of(queue, first), 0);
    job.spec.deadline = queue.now + proto::Duration(10'000);
    const JobSeq taker = queue.admit(std::move(job));
    const Work work = queue.claim_one();
    // In one turn with what is due then.
    queue.now += proto::Duration(11'000);
    queue.report(work, Prepared{});
    CHECK(queue.state(taker) == State::failed);
    CHECK(queue.record(taker).failure->failure == proto::FailureClass::deadline);
    CHECK(queue.money(taker) == "");
}
