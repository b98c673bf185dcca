#include <doctest/doctest.h>

#include <array>
#include <string_view>

#include "queue/keys.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::State;

constexpr std::array<std::string_view, 1> types{"mpeg"};
const std::string recording(64, 'a');

void keep(TestQueue& queue, const std::string& account, proto::Instant expires,
          const std::string& purpose = "voice_clone") {
    const KeepUpload command{{account, recording, purpose}, "7000", expires};
    REQUIRE(queue.ask(command).errc == Errc::ok);
}

bool is_known(const TestQueue& queue, const std::string& account,
              const std::string& purpose = "voice_clone") {
    bool known = false;
    queue.read([&](const Reader& reader) {
        known = reader.find_upload({account, recording, purpose}).has_value();
    });
    return known;
}

AdmitOne taking_recording() {
    AdmitOne job = video_job();
    const proto::FileRule rule{"audio", types, 1'000, proto::FileRule::Form::file_id,
                               "voice_clone"};
    job.inputs = {{{"request.file_id", {}, 0, recording}, rule}};
    return job;
}

Refused refused_for_good() {
    Refused refused;
    refused.refusal.failure.failure = proto::FailureClass::rejected;
    refused.refusal.on_create = proto::OnCreate::not_created;
    return refused;
}

}  // namespace

TEST_CASE("what an account has at the upstream is found by file and purpose, until it expires") {
    TestQueue queue;
    keep(queue, "main", queue.now + hour);
    queue.restart();
    CHECK(is_known(queue, "main"));
    CHECK_FALSE(is_known(queue, "main", "prompt_audio"));
    CHECK_FALSE(is_known(queue, "mai"));
    queue.pass(hour + minute * 2);
    queue.settle();
    CHECK_FALSE(is_known(queue, "main"));
}

TEST_CASE("an account with another key begins anew; the others do not") {
    TestQueue queue(queue_options(), {account("main"), account("spare")});
    keep(queue, "main", queue.now + hour);
    keep(queue, "spare", queue.now + hour);
    AccountSetup changed = account("main");
    changed.key_group = "another key";
    queue.configure({changed, account("spare")});
    CHECK_FALSE(is_known(queue, "main"));
    CHECK(is_known(queue, "spare"));
    // In one commit as well: what was uploaded with the old key a moment ago.
    const KeepUpload last{{"main", recording, "voice_clone"}, "7000", queue.now + hour};
    queue.ask_at_once({last, Configure{{account("main"), account("spare")}}});
    CHECK_FALSE(is_known(queue, "main"));
}

TEST_CASE("a file that was deleted at its account is forgotten, the others stay") {
    TestQueue queue(queue_options(), {account("main"), account("spare")});
    keep(queue, "main", queue.now + hour);
    keep(queue, "spare", queue.now + hour);
    REQUIRE(queue.ask(ForgetUpload{"main", "7"}).errc == Errc::ok);
    CHECK(is_known(queue, "main"));
    REQUIRE(queue.ask(ForgetUpload{"main", "7000"}).errc == Errc::ok);
    CHECK_FALSE(is_known(queue, "main"));
    CHECK(is_known(queue, "spare"));
}

TEST_CASE("a request that the upstream refused names none of its uploads again") {
    TestQueue queue;
    REQUIRE(queue.ask(KeepBlob{recording, "audio/mpeg", true, 10}).errc == Errc::ok);
    queue.admit(taking_recording());
    Work work = queue.claim_one();
    CHECK(queue.state(work.record.seq) == State::preparing);
    keep(queue, "main", queue.now + hour);
    keep(queue, "main", queue.now + hour, "prompt_audio");
    keep(queue, "spare", queue.now + hour);
    SUBCASE("while it prepares, they stay") {
        queue.report(work, refused_for_good());
        CHECK(is_known(queue, "main"));
    }
    SUBCASE("once it was sent, they go") {
        queue.report(work, Prepared{});
        work.record.state = State::submitting;
        CHECK(queue.state(work.record.seq) == State::submitting);
        queue.report(work, refused_for_good());
        CHECK_FALSE(is_known(queue, "main"));
        CHECK_FALSE(is_known(queue, "main", "prompt_audio"));
    }
    SUBCASE("and so they do when its task fails") {
        queue.report(work, Prepared{});
        work.record.state = State::submitting;
        queue.report(work, TakenUp{{"task-1"}, queue.now});
        Work poll = queue.claim_one();
        Failed failed;
        failed.failure.failure = proto::FailureClass::rejected;
        queue.report(poll, failed);
        CHECK_FALSE(is_known(queue, "main"));
    }
    CHECK(queue.state(work.record.seq) == State::failed);
    CHECK(is_known(queue, "spare"));
}
