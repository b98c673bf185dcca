#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;
using proto::State;

AdmitOne saying(const std::string& voice, const std::string& account = {}) {
    AdmitOne job = music_job();
    job.spec.account = account;
    for (const std::string& id : {std::string("the-narrator"), voice})
        job.names.push_back({{proto::Thing::Kind::voice, id}, "request.voice_id"});
    return job;
}

/// A job that makes the voice at that account.
AdmitOne making(const std::string& account) {
    AdmitOne job = music_job("make a voice");
    job.spec.account = account;
    return job;
}

void make(TestQueue& queue, const std::string& voice, const std::string& account) {
    DeliveredAtOnce done{{}, "{}"};
    done.made = proto::MadeThing{{proto::Thing::Kind::voice, voice}};
    queue.report(queue.submitting(making(account)), done);
}

TestQueue two_accounts() {
    AccountSetup main = account("main");
    main.weight = 100;
    return TestQueue(queue_options(), {main, account("spare")});
}

std::string claimed_at(TestQueue& queue, JobSeq job) {
    queue.claim();
    return queue.record(job).account;
}

}  // namespace

TEST_CASE("who speaks with a voice goes to the account that it was made at") {
    TestQueue queue = two_accounts();
    make(queue, "our-voice", "spare");
    SUBCASE("in one life") {}
    SUBCASE("and after a restart") {
        queue.restart();
    }
    const JobSeq ours = queue.admit(saying("our-voice"));
    const JobSeq other = queue.admit(saying("a-system-voice"));
    CHECK(claimed_at(queue, ours) == "spare");
    CHECK(claimed_at(queue, other) == "main");
}

TEST_CASE("it waits for that account, and goes to no other meanwhile") {
    TestQueue queue = two_accounts();
    make(queue, "our-voice", "spare");
    queue.ask(Pause{"spare", true, "lunch"});
    const JobSeq job = queue.admit(saying("our-voice"));
    CHECK(queue.claim().empty());
    queue.ask(Pause{"spare", false, {}});
    CHECK(claimed_at(queue, job) == "spare");
}

TEST_CASE("a job that comes after the making of its voice follows it") {
    TestQueue queue = two_accounts();
    const Work work = queue.submitting(making("spare"));
    AdmitOne speech = saying("our-voice");
    speech.after = {work.record.id.text()};
    const JobSeq job = queue.admit(speech);
    DeliveredAtOnce done{{}, "{}"};
    done.made = proto::MadeThing{{proto::Thing::Kind::voice, "our-voice"}};
    queue.report(work, done);
    queue.settle();
    CHECK(claimed_at(queue, job) == "spare");
}

TEST_CASE("a line of a batch follows its voice") {
    TestQueue queue = two_accounts();
    make(queue, "our-voice", "spare");
    const auto batch = queue.open_batch();
    queue.add(batch, {saying("our-voice")});
    queue.seal(batch);
    queue.settle();
    const auto work = queue.claim();
    REQUIRE(work.size() == 1);
    CHECK(work[0].record.account == "spare");
}

TEST_CASE("a job that failed before its voice was made follows it when it is retried") {
    TestQueue queue = two_accounts();
    const Work early = queue.submitting(saying("our-voice"));
    CHECK(early.record.account == "main");
    queue.report(early, refused_as(proto::FailureClass::rejected, proto::OnCreate::not_created));
    make(queue, "our-voice", "spare");
    queue.act(early.record.seq, Verb::retry, true);
    CHECK(claimed_at(queue, early.record.seq) == "spare");
}

TEST_CASE("who names an account is not sent elsewhere, and a voice made anew counts") {
    TestQueue queue = two_accounts();
    make(queue, "our-voice", "spare");
    const JobSeq bound = queue.admit(saying("our-voice", "main"));
    CHECK(claimed_at(queue, bound) == "main");
    make(queue, "our-voice", "main");
    const JobSeq free = queue.admit(saying("our-voice"));
    CHECK(claimed_at(queue, free) == "main");
}

TEST_CASE("a voice that was made anew elsewhere is followed there by a retry") {
    TestQueue queue = two_accounts();
    make(queue, "our-voice", "spare");
    const Work first = queue.submitting(saying("our-voice"));
    CHECK(first.record.account == "spare");
    queue.report(first, refused_as(proto::FailureClass::rejected, proto::OnCreate::not_created));
    make(queue, "our-voice", "main");
    queue.act(first.record.seq, Verb::retry, true);
    CHECK(claimed_at(queue, first.record.seq) == "main");
}
