// What each HTTP status means, written down from the documentation of useapi.net a second time, and
// read out of the codecs.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "proto/useapi/errors.hpp"
#include "proto/useapi/provider.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

using F = FailureClass;
using C = OnCreate;
using Q = OnQuery;
using S = Scope;
using T = Clearing;

/// What a refusal with this status does. A scope of none closes nothing, and nothing is to clear.
struct Meaning {
    int status;
    F failure;
    C on_create;
    Q on_query;
    S scope = S::none;
    T clearing = T::after_delay;
};

constexpr std::array statuses{
    Meaning{301, F::account, C::not_created, Q::again, S::account, T::person},
    Meaning{302, F::transient, C::ambiguous, Q::again},
    Meaning{307, F::account, C::not_created, Q::again, S::account, T::person},
    Meaning{308, F::account, C::not_created, Q::again, S::account, T::person},
    Meaning{400, F::rejected, C::not_created, Q::gone},
    // One token for all accounts.
    Meaning{401, F::account, C::not_created, Q::again, S::key, T::person},
    Meaning{402, F::account, C::not_created, Q::again, S::key, T::probe},
    Meaning{403, F::account, C::not_created, Q::again, S::account, T::person},
    Meaning{404, F::rejected, C::not_created, Q::gone},
    Meaning{405, F::account, C::not_created, Q::again, S::account, T::person},
    Meaning{408, F::transient, C::ambiguous, Q::again},
    Meaning{410, F::rejected, C::not_created, Q::gone},
    // Credits are those of the linked account.
    Meaning{412, F::account, C::not_created, Q::again, S::op, T::probe},
    Meaning{418, F::rejected, C::not_created, Q::again},
    Meaning{422, F::rejected, C::not_created, Q::again},
    Meaning{429, F::no_capacity, C::not_created, Q::again, S::op, T::after_delay},
    Meaning{499, F::rejected, C::not_created, Q::again},
    // The site answers these and may have taken the job.
    Meaning{500, F::transient, C::ambiguous, Q::again},
    Meaning{502, F::transient, C::ambiguous, Q::again},
    Meaning{503, F::transient, C::ambiguous, Q::again},
    Meaning{504, F::transient, C::ambiguous, Q::again},
    Meaning{595, F::transient, C::ambiguous, Q::again},
    Meaning{596, F::account, C::not_created, Q::again, S::account, T::probe},
    Meaning{597, F::transient, C::ambiguous, Q::again},
    Meaning{999, F::transient, C::ambiguous, Q::again},
};

/// The same, but for what one op knows better.
Meaning as_in(const Codec& codec, Meaning meaning) {
    if (meaning.status == 429 && codec.info().name == "useapi.speech")
        meaning.failure = F::rate_limited;
    return meaning;
}

Reply answer(int status) {
    return reply(status, R"({"error":"upstream words","code":)" + std::to_string(status) + "}");
}

Refusal on_create(const Codec& codec, const Reply& said) {
    return want<Refusal>(codec.on_submit(spec("{}"), said));
}

}  // namespace

TEST_CASE("each status means on a create and a query of every op what useapi.net says of it") {
    for (const Meaning& general : statuses) {
        CAPTURE(general.status);
        const Reply said = answer(general.status);
        for (const Codec* codec : useapi_provider().codecs()) {
            CAPTURE(codec->info().name);
            const Meaning meaning = as_in(*codec, general);
            const Refusal refusal = on_create(*codec, said);
            CHECK(refusal.failure.failure == meaning.failure);
            CHECK(refusal.failure.code == "http." + std::to_string(meaning.status));
            CHECK(refusal.failure.message == "upstream words");
            CHECK(refusal.failure.upstream == said.body);
            CHECK(refusal.failure.retryable == (meaning.failure != F::rejected));
            CHECK(refusal.on_create == meaning.on_create);
            CHECK(refusal.quarantine.scope == meaning.scope);
            if (meaning.scope != S::none) CHECK(refusal.quarantine.clearing == meaning.clearing);
            CHECK(refusal.quarantine.reason.empty() == (meaning.scope == S::none));

            const auto asked = codec->on_poll(task("t"), said);
            const Refusal& query = want<Refusal>(asked);
            const bool gone = meaning.on_query == Q::gone;
            CHECK(query.on_query == meaning.on_query);
            CHECK(query.failure.failure == (gone ? F::expired : meaning.failure));
            CHECK(query.quarantine.scope == meaning.scope);
        }
    }
}

TEST_CASE("every row that there is is written down here") {
    const auto there = [](int status) {
        return std::ranges::find(statuses, status, &Meaning::status) != statuses.end();
    };
    for (const ErrorRow& row : useapi::error_rows()) {
        CAPTURE(row.code);
        CHECK(there(row.code));
        CHECK_FALSE(row.meaning.empty());
    }
    std::size_t exceptions = 0;
    using useapi::Service;
    for (const Service service : {Service::credits, Service::speech, Service::music})
        exceptions += useapi::error_rows(service).size();
    CHECK(exceptions == 3);
}

TEST_CASE("a host or path that is not there closes the op, and ends no task") {
    const Reply said = reply(404, "404 page not found");
    for (const Codec* codec : useapi_provider().codecs()) {
        const Refusal refusal = on_create(*codec, said);
        CHECK(refusal.failure.failure == F::account);
        CHECK(refusal.on_create == C::not_created);
        CHECK(refusal.quarantine.scope == S::op);
        CHECK(refusal.quarantine.clearing == T::probe);
        const auto asked = codec->on_poll(task("t"), said);
        CHECK(want<Refusal>(asked).on_query == Q::again);
    }
}

TEST_CASE("an error is a text or an object, and its code is the status alone") {
    const auto words = [](std::string body) {
        return on_create(*useapi_provider().codecs().front(), reply(400, std::move(body)))
            .failure.message;
    };
    CHECK(words(R"({"error":"plain"})") == "plain");
    CHECK(words(R"({"error":{"code":3,"message":"inside","status":"INVALID","details":[]}})") ==
          "inside");
    CHECK(words(R"({"error":{"error":"deeper"}})") == "deeper");
    CHECK(words(R"({"error":{}})") == "an error without words");
    CHECK(words(R"({"error":null})") == "invalid request");
    CHECK(words(R"({"error":[]})") == "invalid request");
    CHECK(words("<html>") == "invalid request");
    CHECK(words(R"({"error":")" + std::string(9'000, 'a') + "\"}").size() == 500);
    const Refusal cut =
        on_create(*useapi_provider().codecs().front(), reply(400, std::string(9'000, 'a')));
    CHECK(cut.failure.upstream.size() == 2048);
}

TEST_CASE("a pause is as long as the upstream asks for, and of a hold an hour at least") {
    const auto until = [](Reply said) {
        return on_create(*useapi_provider().codecs().front(), said).quarantine.until;
    };
    const auto after = [](std::chrono::seconds span) { return std::optional(noon() + span); };
    Reply busy = dated(answer(429));
    CHECK_FALSE(until(busy).has_value());
    busy.headers.emplace_back("Retry-After", "40");
    CHECK(until(busy) == after(std::chrono::seconds{40}));
    const auto said = [](std::string_view time) {
        return dated(reply(429, R"({"error":"x","retryAfter":")" + std::string(time) + "\"}"));
    };
    CHECK(until(said("2027-01-01T12:01:00Z")) == after(std::chrono::seconds{60}));
    CHECK(until(said("2028-01-01T12:01:00Z")) == after(std::chrono::hours{24}));
    CHECK_FALSE(until(said("soon")).has_value());
    CHECK(until(dated(answer(596))) == after(std::chrono::hours{1}));
    Reply held = dated(answer(596));
    held.headers.emplace_back("Retry-After", "7200");
    CHECK(until(held) == after(std::chrono::hours{2}));
    CHECK_FALSE(until(answer(596)).has_value());
}
