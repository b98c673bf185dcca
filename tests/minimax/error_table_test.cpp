// What each code and HTTP status means, written down from the documentation of MiniMax a second
// time, and read out of the codecs as they read an answer of their own family.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "proto/minimax/chat_batch.hpp"
#include "proto/minimax/errors.hpp"
#include "proto/minimax/provider.hpp"
#include "proto/minimax/t2a_async_v2.hpp"
#include "proto/minimax/video_template.hpp"
#include "proto/minimax/video_v1.hpp"
#include "proto/minimax/video_v2.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

using F = FailureClass;
using C = OnCreate;
using Q = OnQuery;
using S = Scope;
using T = Clearing;

/// What a refusal with this code does. A scope of none closes nothing, and nothing is to clear.
struct Meaning {
    std::int64_t code;
    F failure;
    C on_create;
    Q on_query;
    S scope = S::none;
    T clearing = T::after_delay;
};

constexpr std::array codes{
    Meaning{1000, F::transient, C::ambiguous, Q::again},
    Meaning{1001, F::transient, C::ambiguous, Q::again},
    Meaning{1002, F::rate_limited, C::not_created, Q::again, S::op, T::after_delay},
    Meaning{1004, F::account, C::not_created, Q::again, S::key, T::person},
    Meaning{1008, F::account, C::not_created, Q::again, S::account, T::probe},
    Meaning{1013, F::transient, C::ambiguous, Q::again},
    Meaning{1024, F::transient, C::ambiguous, Q::again},
    Meaning{1026, F::rejected, C::not_created, Q::final},
    Meaning{1027, F::rejected, C::taken_failed, Q::final},
    // A day's quota of a model. Nobody says at which hour the day turns.
    Meaning{1028, F::account, C::not_created, Q::again, S::model, T::next_window},
    Meaning{1030, F::account, C::not_created, Q::again, S::model, T::next_window},
    Meaning{1033, F::transient, C::ambiguous, Q::again},
    Meaning{1039, F::rate_limited, C::not_created, Q::again, S::op, T::after_delay},
    Meaning{1041, F::no_capacity, C::not_created, Q::again, S::op, T::after_delay},
    Meaning{1042, F::rejected, C::not_created, Q::final},
    Meaning{1043, F::rejected, C::not_created, Q::final},
    Meaning{1044, F::rejected, C::not_created, Q::final},
    // The one parameter of a query is the task.
    Meaning{2013, F::rejected, C::not_created, Q::gone},
    Meaning{2037, F::rejected, C::not_created, Q::final},
    Meaning{2038, F::account, C::not_created, Q::again, S::op, T::person},
    Meaning{2039, F::rejected, C::not_created, Q::final},
    Meaning{2042, F::rejected, C::not_created, Q::final},
    Meaning{2045, F::rate_limited, C::not_created, Q::again, S::account, T::after_delay},
    Meaning{2046, F::transient, C::ambiguous, Q::again},
    Meaning{2047, F::transient, C::ambiguous, Q::again},
    Meaning{2048, F::rejected, C::not_created, Q::final},
    Meaning{2049, F::account, C::not_created, Q::again, S::key, T::person},
    Meaning{2056, F::account, C::not_created, Q::again, S::key, T::next_window},
    Meaning{2061, F::account, C::not_created, Q::again, S::model, T::person},
    Meaning{2067, F::account, C::ambiguous, Q::again, S::key, T::next_window},
    Meaning{2201, F::transient, C::ambiguous, Q::again},
    Meaning{2202, F::transient, C::ambiguous, Q::again},
    Meaning{2203, F::rejected, C::not_created, Q::final},
    Meaning{2204, F::rejected, C::not_created, Q::final},
    Meaning{2205, F::no_capacity, C::not_created, Q::again, S::op, T::after_delay},
    Meaning{2206, F::transient, C::ambiguous, Q::again},
    Meaning{20132, F::rejected, C::not_created, Q::final},
    Meaning{1400010161, F::account, C::ambiguous, Q::again, S::account, T::probe},
};

/// An HTTP status alone never says that a task has failed or is gone.
constexpr std::array statuses{
    Meaning{301, F::account, C::not_created, Q::again, S::account, T::person},
    Meaning{307, F::account, C::not_created, Q::again, S::account, T::person},
    Meaning{308, F::account, C::not_created, Q::again, S::account, T::person},
    Meaning{400, F::rejected, C::not_created, Q::again},
    Meaning{401, F::account, C::not_created, Q::again, S::key, T::person},
    Meaning{402, F::account, C::not_created, Q::again, S::account, T::probe},
    Meaning{403, F::account, C::not_created, Q::again, S::key, T::person},
    Meaning{404, F::rejected, C::not_created, Q::again},
    Meaning{405, F::account, C::not_created, Q::again, S::account, T::person},
    Meaning{408, F::transient, C::ambiguous, Q::again},
    Meaning{413, F::rejected, C::not_created, Q::again},
    Meaning{418, F::transient, C::ambiguous, Q::again},
    Meaning{422, F::rejected, C::not_created, Q::again},
    Meaning{429, F::rate_limited, C::not_created, Q::again, S::op, T::after_delay},
    Meaning{500, F::transient, C::ambiguous, Q::again},
    Meaning{502, F::transient, C::ambiguous, Q::again},
    Meaning{503, F::transient, C::ambiguous, Q::again},
    Meaning{504, F::transient, C::ambiguous, Q::again},
    Meaning{529, F::transient, C::ambiguous, Q::again},
};

/// The same, but for what one op knows better.
Meaning as_in(const Codec& codec, Meaning meaning) {
    if (codec.info().name == "minimax.chat") {
        // Its limits are its model's; and too many tokens may be the question's own fault.
        const bool limited = meaning.failure == F::rate_limited;
        if (limited && meaning.scope == S::op) meaning.scope = S::model;
        if (meaning.code == 1039) meaning.failure = F::rejected;
    }
    // Not every host has batches.
    if (codec.info().name == "minimax.chat_batch" && meaning.code == 405 &&
        meaning.scope == S::account)
        meaning.scope = S::op;
    return meaning;
}

bool is_v2(const Codec& codec) {
    const std::string_view op = codec.info().name;
    return op == "minimax.video_v2" || op == "minimax.h3_context_ir";
}

bool in_session(const Codec& codec) {
    return codec.open(spec("{}")) != nullptr;
}

/// A refusal with this code in the words of the op's family: under HTTP 200 in base_resp, or with
/// an HTTP status of its own and the code behind the message.
Reply refusal_of(const Codec& codec, std::int64_t code) {
    if (!is_v2(codec)) return coded(code);
    const std::string message = "upstream words (" + std::to_string(code) + ")";
    return reply(400, R"({"type":"error","error":{"type":"bad_request_error","message":")" +
                          message + R"(","http_code":"400"},"request_id":"r"})");
}

/// What the codec makes of an answer to a purchase.
Refusal on_create(const Codec& codec, const Reply& answer) {
    return want<Refusal>(codec.on_submit(spec(R"({"model":"m"})"), answer));
}

void check_create(const Refusal& refusal, const Meaning& meaning) {
    CHECK(refusal.failure.failure == meaning.failure);
    CHECK(refusal.on_create == meaning.on_create);
    CHECK(refusal.quarantine.scope == meaning.scope);
    if (meaning.scope != S::none) CHECK(refusal.quarantine.clearing == meaning.clearing);
    if (meaning.scope != S::none) CHECK_FALSE(refusal.quarantine.reason.empty());
}

/// An ended task is told apart from a query that failed.
void check_query(const PollOutcome& outcome, const Meaning& meaning) {
    const auto* failed = std::get_if<TaskFailed>(&outcome);
    REQUIRE((failed != nullptr) == (meaning.on_query == Q::final));
    if (failed != nullptr) {
        CHECK(failed->failure.failure == meaning.failure);
        CHECK_FALSE(failed->again);
        return;
    }
    const Refusal& refusal = want<Refusal>(outcome);
    const bool gone = meaning.on_query == Q::gone;
    CHECK(refusal.on_query == meaning.on_query);
    CHECK(refusal.failure.failure == (gone ? F::expired : meaning.failure));
    CHECK(refusal.quarantine.scope == meaning.scope);
}

std::array<const Codec*, 5> queried() {
    return {&minimax::video_v1(), &minimax::video_v2(), &minimax::video_template(),
            &minimax::t2a_async_v2(), &minimax::chat_batch()};
}

}  // namespace

TEST_CASE("each code means on a create of every op what MiniMax says of it") {
    for (const Meaning& meaning : codes) {
        CAPTURE(meaning.code);
        for (const Codec* codec : minimax_provider().codecs()) {
            CAPTURE(codec->info().name);
            Reply answer = refusal_of(*codec, meaning.code);
            if (in_session(*codec)) answer = session({std::string{session_begins}, answer.body});
            const Refusal refusal = on_create(*codec, answer);
            check_create(refusal, as_in(*codec, meaning));
            CHECK(refusal.failure.code == std::to_string(meaning.code));
            CHECK(refusal.failure.message.starts_with("upstream words"));
            if (!in_session(*codec)) CHECK(refusal.failure.upstream == answer.body);
        }
    }
}

TEST_CASE("each code means on a query of every task what MiniMax says of it") {
    for (const Meaning& meaning : codes) {
        CAPTURE(meaning.code);
        for (const Codec* codec : queried()) {
            CAPTURE(codec->info().name);
            check_query(codec->on_poll(Task{}, refusal_of(*codec, meaning.code)), meaning);
        }
    }
}

TEST_CASE("each HTTP status without a code means on a create and a query what MiniMax says of it") {
    for (const Meaning& meaning : statuses) {
        CAPTURE(meaning.code);
        const Reply answer = reply(static_cast<int>(meaning.code), "{}");
        for (const Codec* codec : minimax_provider().codecs()) {
            CAPTURE(codec->info().name);
            Meaning expected = as_in(*codec, meaning);
            // A session that was not opened bought nothing.
            if (in_session(*codec)) expected.on_create = C::not_created;
            check_create(on_create(*codec, answer), expected);
        }
        for (const Codec* codec : queried()) {
            CAPTURE(codec->info().name);
            Meaning expected = meaning;
            // Of a batch nothing but its id is asked.
            if (codec == &minimax::chat_batch() && meaning.code == 404) expected.on_query = Q::gone;
            check_query(codec->on_poll(Task{}, answer), expected);
        }
    }
}

TEST_CASE("a host or path that is not there closes the op, which is tried again now and then") {
    const Meaning wrong{404, F::account, C::not_created, Q::again, S::op, T::probe};
    const Reply answer = reply(404, "404 page not found");
    for (const Codec* codec : minimax_provider().codecs()) {
        CAPTURE(codec->info().name);
        check_create(on_create(*codec, answer), as_in(*codec, wrong));
    }
    for (const Codec* codec : queried()) {
        CAPTURE(codec->info().name);
        check_query(codec->on_poll(Task{}, answer), wrong);
    }
}

TEST_CASE("every row that there is is written down here") {
    const auto there = [](const auto& pinned, std::int64_t code) {
        return std::any_of(pinned.begin(), pinned.end(),
                           [code](const Meaning& meaning) { return meaning.code == code; });
    };
    for (const ErrorRow& row : minimax::error_rows()) {
        CAPTURE(row.code);
        CHECK((row.code == 0 || there(codes, row.code)));
        CHECK_FALSE(row.meaning.empty());
    }
    for (const ErrorRow& row : minimax::http_rows()) {
        CAPTURE(row.code);
        CHECK(there(statuses, row.code));
    }
}
