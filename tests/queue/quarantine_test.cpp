// How wide a refusal closes an account's gate.
#include "queue/quarantine.hpp"

#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

using namespace genspool;
using namespace genspool::tests;
using proto::Clearing;
using proto::FailureClass;
using proto::Scope;

namespace {

queue::Demand demand(const std::string& op, const std::string& model) {
    return {"minimax", op, model, {}, "video", proto::Kind::video};
}

proto::QuarantineWish wish(Scope scope) {
    return {scope, Clearing::person, std::nullopt, "the upstream said so"};
}

/// What is closed once a query was refused so.
std::string closed_by_query(Scope scope) {
    TestQueue queue;
    const queue::Work work = queue.running();
    queue::QueryRefused refused = query_refused(proto::OnQuery::again, FailureClass::account);
    refused.refusal.quarantine = wish(scope);
    refused.poll_at = queue.now;
    queue.report(work, refused);
    CHECK(queue.state(work.record.seq) == proto::State::running);
    CHECK(queue.claim_one().record.seq == work.record.seq);
    std::string closed;
    for (const auto& each : queue.core().memory().capacity.state("main").quarantines)
        closed += proto::to_string(each.scope);
    return closed;
}

}  // namespace

TEST_CASE("a refusal reaches as far as it says, and where no model is named as far as its op") {
    struct Case {
        Scope said;
        const char* model;
        Scope reach;
        const char* what;
    };
    const Case cases[] = {
        {Scope::model, "m", Scope::model, "m"},   {Scope::model, "", Scope::op, "op"},
        {Scope::op, "m", Scope::op, "op"},        {Scope::op, "", Scope::op, "op"},
        {Scope::account, "", Scope::account, ""}, {Scope::key, "", Scope::key, ""},
        {Scope::none, "", Scope::none, ""},
    };
    for (const Case& each : cases) {
        CAPTURE(each.what);
        const queue::Demand job = demand("op", each.model);
        CHECK(queue::reach_of(each.said, job) == each.reach);
        CHECK(queue::target_of(each.reach, job) == each.what);
        CHECK(queue::closes_all(each.reach) ==
              (each.reach == Scope::account || each.reach == Scope::key));
    }
}

TEST_CASE("a refused query closes an account or a key, but neither an op nor a model") {
    CHECK(closed_by_query(Scope::none) == "");
    CHECK(closed_by_query(Scope::model) == "");
    CHECK(closed_by_query(Scope::op) == "");
    CHECK(closed_by_query(Scope::account) == "account");
    CHECK(closed_by_query(Scope::key) == "key");
}

TEST_CASE("a model's quarantine of old that is about no model is gone after the start") {
    const proto::Instant start{proto::Duration(1'800'000'000'000)};
    queue::AccountState state;
    state.key_group = account("main").key_group;
    state.quarantines = {{Scope::model, "", "2061", start}, {Scope::model, "m", "2061", start}};
    queue::Capacity capacity;

    capacity.restore("main", state);
    capacity.configure({account("main")}, start);

    REQUIRE(capacity.state("main").quarantines.size() == 1);
    CHECK(capacity.state("main").quarantines[0].what == "m");
    CHECK(capacity.pick(demand("minimax.voice_design", ""), start) != nullptr);
    CHECK(capacity.pick(demand("minimax.video_v1", "m"), start) == nullptr);
}
