// A job that names what one account has goes there, or says which account it needs.
#include <doctest/doctest.h>

#include "queue/keys.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;
using proto::NamedThing;
using proto::Thing;

const NamedThing clip{{Thing::Kind::task, "task-1"}, "request.source_task_id"};
const NamedThing text{{Thing::Kind::file, "7"}, "request.text_file_id"};
const NamedThing prompt{{Thing::Kind::file, "8"}, "request.clone_prompt.prompt_audio"};

AdmitOne naming(std::vector<NamedThing> names, const std::string& account = {}) {
    AdmitOne job = video_job("a larger one");
    job.names = std::move(names);
    job.spec.account = account;
    return job;
}

AccountSetup named(const std::string& name) {
    AccountSetup setup = account(name);
    // It would always be taken first.
    if (name == "alpha") setup.weight = 100;
    return setup;
}

TestQueue two_accounts() {
    return TestQueue(queue_options(), {named("alpha"), named("beta")});
}

void keep(TestQueue& queue, const NamedThing& thing, const std::string& account) {
    const KeepThing command{account, thing.thing, queue.now + hour};
    REQUIRE(queue.ask(command).errc == Errc::ok);
}

/// A job at beta that has bought task-1.
Work bought_at_beta(TestQueue& queue) {
    AdmitOne job = video_job();
    job.spec.account = "beta";
    return queue.running("task-1", job);
}

std::string bound_to(TestQueue& queue, AdmitOne job) {
    const JobSeq seq = queue.admit(std::move(job));
    std::string account;
    queue.read([&](const Reader& reader) { account = reader.find(seq)->spec.account; });
    return account;
}

/// "CODE FIELD: WORDS"
std::string refusal(TestQueue& queue, AdmitOne job) {
    const Answer answer = queue.ask(Admit{std::move(job)});
    REQUIRE(answer.errc == Errc::bad_job);
    return answer.code + " " + answer.field + ": " + answer.detail;
}

}  // namespace

TEST_CASE("who names a task goes to the account that bought it, in this life and the next") {
    TestQueue queue = two_accounts();
    bought_at_beta(queue);
    SUBCASE("in one life") {}
    SUBCASE("and after a restart") {
        queue.restart();
    }
    const JobSeq job = queue.admit(naming({clip}));
    queue.ask(Claim{0, 0, 9, 0});
    CHECK(queue.record(job).account == "beta");
}

TEST_CASE("a file is remembered until its time is over or it is deleted") {
    TestQueue queue = two_accounts();
    keep(queue, text, "beta");
    queue.restart();
    CHECK(bound_to(queue, naming({text})) == "beta");
    SUBCASE("its time") {
        queue.pass(hour);
    }
    SUBCASE("its deletion") {
        queue.ask(ForgetUpload{"beta", "7"});
    }
    CHECK(refusal(queue, naming({text})) ==
          "account_needed request.text_file_id: request.text_file_id names file 7, which may be of "
          "alpha or beta; name its account");
    queue.pass(hour * 2);
    CHECK_FALSE(queue.core().store().get(keys::thing("beta", text.thing)));
}

TEST_CASE("what a job's answer says that there is now is remembered of its account") {
    TestQueue queue = two_accounts();
    AdmitOne listening = music_job();
    listening.spec.account = "beta";
    DeliveredAtOnce heard{{}, "{}"};
    const Thing feature{Thing::Kind::feature, "f00d"};
    heard.made = proto::MadeThing{feature, day};
    queue.report(queue.submitting(listening), heard);
    const NamedThing song{feature, "request.cover_feature_id"};
    CHECK(bound_to(queue, naming({song})) == "beta");
    queue.pass(day);
    CHECK(refusal(queue, naming({song})).starts_with("account_needed request.cover_feature_id"));
}

TEST_CASE("what nobody remembers goes to the only account there is for it") {
    TestQueue queue(queue_options(), {named("alpha")});
    CHECK(bound_to(queue, naming({clip})) == "alpha");
    SUBCASE("or to that which is named") {
        queue.configure({named("alpha"), named("beta")});
        CHECK(bound_to(queue, naming({clip}, "beta")) == "beta");
    }
    SUBCASE("others with its key are the same one") {
        AccountSetup twin = named("twin");
        twin.key_group = named("alpha").key_group;
        queue.configure({named("alpha"), twin});
        CHECK(bound_to(queue, naming({clip})) == "alpha");
    }
    SUBCASE("others that take no such job do not count") {
        AccountSetup songs = named("beta");
        songs.kinds = {proto::Kind::music};
        queue.configure({named("alpha"), songs});
        CHECK(bound_to(queue, naming({clip})) == "alpha");
    }
    SUBCASE("and to none where there is none") {
        queue.configure({});
        CHECK(refusal(queue, naming({clip})) ==
              "account_needed request.source_task_id: request.source_task_id names task task-1, "
              "and no account is configured for such a job; name its account");
    }
}

TEST_CASE("an account that is named against what is remembered is refused") {
    TestQueue queue = two_accounts();
    bought_at_beta(queue);
    CHECK(bound_to(queue, naming({clip}, "beta")) == "beta");
    CHECK(refusal(queue, naming({clip}, "alpha")) ==
          "invalid account: account is alpha, but request.source_task_id names task task-1, which "
          "account beta has");
    // One with the same key has it as well.
    AccountSetup twin = named("alpha");
    twin.key_group = named("beta").key_group;
    queue.configure({twin, named("beta")});
    CHECK(bound_to(queue, naming({clip}, "alpha")) == "alpha");
    CHECK(bound_to(queue, naming({clip})) == "beta");
}

TEST_CASE("things of two accounts cannot go into one job; one that is known settles the others") {
    TestQueue queue = two_accounts();
    keep(queue, text, "beta");
    CHECK(bound_to(queue, naming({prompt, text})) == "beta");
    keep(queue, prompt, "alpha");
    CHECK(refusal(queue, naming({text, prompt}))
              .starts_with("invalid request.clone_prompt.prompt_audio: "));
    // The same number may have been given by two upstreams.
    keep(queue, text, "alpha");
    CHECK(bound_to(queue, naming({text, prompt})) == "alpha");
    CHECK(refusal(queue, naming({text})).starts_with("account_needed request.text_file_id: "));
}

TEST_CASE(
    "an account that is gone is not mistaken for the one that is left, unless it is renamed") {
    TestQueue queue = two_accounts();
    bought_at_beta(queue);
    queue.configure({named("alpha")});
    CHECK(refusal(queue, naming({clip})).starts_with("invalid request.source_task_id: "));
    AccountSetup renamed = named("gamma");
    renamed.key_group = named("beta").key_group;
    queue.configure({named("alpha"), renamed});
    CHECK(bound_to(queue, naming({clip})) == "gamma");
}

TEST_CASE("a task whose job is forgotten is remembered no longer") {
    QueueOptions options = queue_options();
    options.retain_jobs = day;
    TestQueue queue(options, {named("alpha"), named("beta")});
    Failed failed;
    failed.failure.failure = proto::FailureClass::rejected;
    const Work work = bought_at_beta(queue);
    queue.report(work, failed);
    CHECK(bound_to(queue, naming({clip})) == "beta");
    queue.pass(day * 40);
    REQUIRE_FALSE(queue.exists(work.record.seq));
    CHECK(refusal(queue, naming({clip})).starts_with("account_needed"));
}

TEST_CASE("lines of a batch are bound or refused one by one, and a dry run says the same") {
    TestQueue queue = two_accounts();
    keep(queue, text, "beta");
    const auto batch = queue.open_batch();
    AdmitChunk chunk{batch, {{1, naming({text})}, {2, naming({prompt})}}, {}, {}};
    const auto admitted = std::get<ChunkAdmitted>(queue.ask(chunk).body);
    CHECK(admitted.accepted == 1);
    REQUIRE(admitted.refused.size() == 1);
    CHECK(admitted.refused[0].line == 2);
    CHECK(admitted.refused[0].code == "account_needed");
    CHECK(admitted.refused[0].field == prompt.field);
    queue.seal(batch);
    queue.settle();
    CHECK(queue.claim_one().record.account == "beta");
    queue.read([&](const Reader& reader) {
        CHECK(reader.bound_account(naming({text}))->account == "beta");
        CHECK(reader.bound_account(naming({prompt})).error().code == "account_needed");
        CHECK(reader.bound_account(naming({}))->account.empty());
    });
}
