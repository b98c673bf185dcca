#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

// Buying a second time: only where nothing was bought, or somebody says so.

using namespace genspool::queue;
using namespace genspool::tests;
using genspool::proto::Failure;
using genspool::proto::FailureClass;
using genspool::proto::State;

namespace {

Failure lost(const char* code, bool retryable) {
    return {FailureClass::artifact, code, "it does not come", retryable, false, {}};
}

}  // namespace

TEST_CASE("what was bought and cannot be brought home is bought again only on a word") {
    TestQueue queue;
    const Work work = queue.fetching(1, music_job());
    queue.report(work, ArtifactLost{0, lost("artifact.gone", false)});
    REQUIRE(queue.state(work.record.seq) == State::failed);

    CHECK(queue.act(work.record.seq, Verb::retry).errc == Errc::needs_again);
    CHECK(queue.state(work.record.seq) == State::failed);
    CHECK(queue.act(work.record.seq, Verb::retry, true).errc == Errc::ok);
    CHECK(queue.state(work.record.seq) == State::queued);
}

TEST_CASE("without a price, too, a lost second purchase is bought a third time only on a word") {
    TestQueue queue;
    AdmitOne song = music_job();
    song.spec.quote.reset();
    const Work first = queue.submitting(std::move(song));
    const auto job = first.record.seq;
    queue.report(first, DeliveredAtOnce{films(1), "{}"});
    queue.report(queue.claim_one(), ArtifactHome{0});
    REQUIRE(queue.act(job, Verb::retry, true).errc == Errc::ok);
    queue.report(queue.claim_one(), Ambiguous{"the connection was reset"});
    REQUIRE(queue.state(job) == State::held);

    CHECK(queue.act(job, Verb::retry).errc == Errc::needs_again);
}

TEST_CASE("a film that its host refused is fetched again, one that is gone is not") {
    TestQueue queue;
    const Work refused = queue.fetching();
    queue.report(refused, ArtifactLost{0, lost("artifact.patience", true)});
    CHECK(queue.act(refused.record.seq, Verb::retry).errc == Errc::ok);
    CHECK(queue.state(refused.record.seq) == State::fetching);

    queue.report(queue.claim_one(), ArtifactLost{0, lost("artifact.gone", false)});
    CHECK(queue.act(refused.record.seq, Verb::retry).errc == Errc::needs_again);
}

TEST_CASE("a job that adopts its own task again still has it once") {
    TestQueue queue;
    const Work work = queue.submitting();
    queue.report(work, Ambiguous{"the connection was reset"});
    REQUIRE(queue.state(work.record.seq) == State::held);

    CHECK(queue.act(work.record.seq, Verb::resolve_adopt, false, {"task-1", "task-1"}).errc ==
          Errc::ok);

    CHECK(queue.record(work.record.seq).tasks.size() == 1);
    CHECK(queue.state(work.record.seq) == State::running);
}

TEST_CASE("a retry takes up the task of the last purchase and no earlier one") {
    TestQueue queue;
    const Work first = queue.fetching();
    queue.report(first, ArtifactHome{0});
    REQUIRE(queue.act(first.record.seq, Verb::retry, true).errc == Errc::ok);
    const Work second = queue.claim_one();
    queue.report(second, TakenUp{{"task-2"}, queue.now});
    for (int death = 0; death < 5; ++death)
        queue.ask(Blame{first.record.seq});
    REQUIRE(queue.state(first.record.seq) == State::held);

    queue.act(first.record.seq, Verb::retry);

    std::size_t open = 0;
    for (const auto& task : queue.record(first.record.seq).tasks) {
        if (task.status == genspool::proto::Task::Status::open) ++open;
    }
    CHECK(open == 1);
}

TEST_CASE("a lane without room on the disk does not hold up one that has it") {
    QueueOptions options = queue_options();
    options.ops[0].reply_bytes_max = 10;
    options.ops[1].reply_bytes_max = 1'000;
    TestQueue queue(options);
    const auto song = queue.admit(music_job());
    const auto film = queue.admit(video_job());
    queue.ask(SetDiskGate{DiskGate::open, 500});

    const auto work = queue.claim();

    REQUIRE(work.size() == 1);
    CHECK(work[0].record.seq == film);
    queue.read([&](const Reader& reader) {
        const auto why = reader.explain(song);
        REQUIRE(why);
        REQUIRE(why->gates.size() == 1);
        CHECK(why->gates[0].name == "disk");
    });
}

TEST_CASE("while finished work piles up nothing is bought") {
    QueueOptions options = queue_options();
    TestQueue queue(options, {account("main", 200)});
    for (int i = 0; i < 70; ++i)
        queue.admit();
    for (const Work& work : queue.claim()) {
        queue.report(work, TakenUp{{"task-" + std::to_string(work.record.seq.value)}, queue.now});
    }
    for (const Work& work : queue.claim())
        queue.report(work, Done{films(1), "Success"});
    queue.admit();
    REQUIRE(queue.stats().by_state[static_cast<std::size_t>(State::fetching)] == 70);

    const Answer busy = queue.ask(Claim{0, 0, 10, 0});
    CHECK(std::get<Claimed>(busy.body).work.empty());

    const Answer fetches = queue.ask(Claim{100, 0, 0, 0});
    for (const Work& work : std::get<Claimed>(fetches.body).work)
        queue.report(work, ArtifactHome{0});
    const Answer free = queue.ask(Claim{0, 0, 10, 0});
    CHECK(std::get<Claimed>(free.body).work.size() == 1);
}

TEST_CASE("a purchase that comes to several tasks is adopted with all that a person names") {
    QueueOptions options = queue_options();
    options.ops[0].several_tasks = true;
    TestQueue queue(options);
    queue.running("another's");
    const Work work = queue.submitting();
    queue.report(work, Ambiguous{"the connection was reset"});
    const genspool::proto::JobSeq job = work.record.seq;
    const auto adopt = [&](std::vector<std::string> tasks) {
        return queue.act(job, Verb::resolve_adopt, false, std::move(tasks)).errc;
    };

    CHECK(adopt({"left", "another's"}) == Errc::bad_task);
    CHECK(queue.record(job).tasks.empty());
    CHECK(adopt({"left", "right"}) == Errc::ok);

    CHECK(queue.state(job) == State::running);
    CHECK(queue.record(job).tasks.size() == 2);
}

TEST_CASE("a report from a state that the job has left is stale") {
    TestQueue queue;
    Work work = queue.running();
    work.record.state = State::submitting;
    CHECK(queue.report(work, Done{films(1), "Success"}).errc == Errc::stale);
}

TEST_CASE("a wrong task cannot be adopted beside the right one, nor by a job that has succeeded") {
    TestQueue queue;
    const Work held = queue.submitting();
    queue.report(held, Ambiguous{"the connection was reset"});
    const auto two = queue.act(held.record.seq, Verb::resolve_adopt, false, {"wrong", "right"});
    CHECK(two.errc == Errc::bad_task);
    CHECK(queue.state(held.record.seq) == State::held);

    const Work done = queue.fetching();
    queue.report(done, ArtifactHome{0});
    const auto late = queue.act(done.record.seq, Verb::resolve_adopt, false, {"another"});
    CHECK(late.errc == Errc::not_allowed);
}
