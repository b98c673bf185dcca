// How an answer is read: which code or status in it counts, and what else it says.
// What each of them means: error_table_test.cpp.
#include <doctest/doctest.h>

#include "proto/minimax/video_v1.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

Refusal on_create(const Codec& codec, const Reply& reply) {
    return want<Refusal>(codec.on_submit(spec(R"({"model":"m"})"), reply));
}

/// The outcome of a poll in the table's words.
OnQuery queried(const PollOutcome& outcome) {
    if (std::holds_alternative<TaskFailed>(outcome)) return OnQuery::final;
    return want<Refusal>(outcome).on_query;
}

}  // namespace

TEST_CASE("a code that nobody told us of is kept verbatim, ambiguous and asked again") {
    const Codec& video = minimax::video_v1();
    const std::string texts[] = {"987654", "-3",  "99999999999999999999", "\"odd words\"", "[1]",
                                 "1.5",    "null"};
    for (const std::string& code : texts) {
        CAPTURE(code);
        const Reply answer = ok(R"({"task_id":"","base_resp":{"status_code":)" + code + "}}");
        const Refusal refusal = on_create(video, answer);
        CHECK(refusal.on_create == OnCreate::ambiguous);
        CHECK(refusal.failure.upstream == answer.body);
        CHECK(queried(video.on_poll(Task{}, answer)) == OnQuery::again);
    }
    CHECK(on_create(video, coded(987654)).failure.code == "987654");
}

TEST_CASE("a code may come as text") {
    const Refusal refusal = on_create(
        minimax::video_v1(), ok(R"({"base_resp":{"status_code":"1008","status_msg":"no money"}})"));
    CHECK(refusal.failure.failure == FailureClass::account);
    CHECK(refusal.failure.code == "1008");
}

TEST_CASE("without a listed code the HTTP status decides") {
    struct Case {
        int status;
        std::string_view body;
        FailureClass failure;
        OnCreate on_create;
        std::string_view code;
    };
    const Case cases[] = {
        {200, "", FailureClass::transient, OnCreate::ambiguous, "reply.malformed"},
        {200, "<html>", FailureClass::transient, OnCreate::ambiguous, "reply.malformed"},
        {200, "[]", FailureClass::transient, OnCreate::ambiguous, "reply.malformed"},
        {308, "", FailureClass::account, OnCreate::not_created, "http.308"},
        {400, "{}", FailureClass::rejected, OnCreate::not_created, "http.400"},
        {401, "{}", FailureClass::account, OnCreate::not_created, "http.401"},
        {402, "", FailureClass::account, OnCreate::not_created, "http.402"},
        {403, "", FailureClass::account, OnCreate::not_created, "http.403"},
        {404, "{}", FailureClass::rejected, OnCreate::not_created, "http.404"},
        {404, "404 page not found", FailureClass::account, OnCreate::not_created, "http.404"},
        {408, "", FailureClass::transient, OnCreate::ambiguous, "http.408"},
        {413, "", FailureClass::rejected, OnCreate::not_created, "http.413"},
        {418, "", FailureClass::transient, OnCreate::ambiguous, "http.418"},
        {422, "{}", FailureClass::rejected, OnCreate::not_created, "http.422"},
        {429, "", FailureClass::rate_limited, OnCreate::not_created, "http.429"},
        {500, "{}", FailureClass::transient, OnCreate::ambiguous, "http.500"},
        {502, "<html>", FailureClass::transient, OnCreate::ambiguous, "http.502"},
        {504, "", FailureClass::transient, OnCreate::ambiguous, "http.504"},
        {529, "{}", FailureClass::transient, OnCreate::ambiguous, "http.529"},
        {0, "", FailureClass::transient, OnCreate::ambiguous, "http.0"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.status);
        CAPTURE(each.body);
        const Reply answer = reply(each.status, std::string{each.body});
        const Refusal refusal = on_create(minimax::video_v1(), answer);
        CHECK(refusal.failure.failure == each.failure);
        CHECK(refusal.on_create == each.on_create);
        CHECK(refusal.failure.code == each.code);
        CHECK(queried(minimax::video_v1().on_poll(Task{}, answer)) == OnQuery::again);
    }
}

TEST_CASE("a listed code in the body goes before the HTTP status") {
    struct Case {
        int status;
        std::string_view body;
        std::string_view code;
        OnCreate on_create;
    };
    const Case cases[] = {
        {500, R"-({"error":{"message":"no such plan (2061)"}})-", "2061", OnCreate::not_created},
        {429, R"-({"type":"error","error":{"message":"limit (2056)."}})-", "2056",
         OnCreate::not_created},
        {422, R"-({"type":"error","error":{"type":"x","message":"bad (1026)","http_code":"422"}})-",
         "1026", OnCreate::not_created},
        {500, R"({"error":{"code":"1008","message":"poor"}})", "1008", OnCreate::not_created},
        {400, R"({"base_resp":{"status_code":1000,"status_msg":"?"}})", "1000",
         OnCreate::ambiguous},
        {503, R"-({"base_resp":{"status_code":0},"message":"later (1002)"})-", "1002",
         OnCreate::not_created},
        {400, R"-({"error":{"message":"what (4711)"}})-", "4711", OnCreate::not_created},
        {500, R"({"error":404,"message":"plain"})", "http.500", OnCreate::ambiguous},
        {200, R"-({"error":{"message":"v2 words under 200 (1026)"}})-", "1026",
         OnCreate::not_created},
    };
    for (const Case& each : cases) {
        CAPTURE(each.body);
        const Refusal refusal =
            on_create(minimax::video_v1(), reply(each.status, std::string{each.body}));
        CHECK(refusal.failure.code == each.code);
        CHECK(refusal.on_create == each.on_create);
    }
}

TEST_CASE("an answer is kept verbatim up to 2 KiB, as valid UTF-8") {
    const Refusal cut = on_create(minimax::video_v1(), reply(502, std::string(5000, 'x')));
    CHECK(cut.failure.upstream == std::string(2048, 'x'));

    const Refusal mended = on_create(minimax::video_v1(), reply(502,
                                                                "a\xFF"
                                                                "b"));
    CHECK(mended.failure.upstream ==
          "a\xEF\xBF\xBD"
          "b");
}

TEST_CASE("a plan's limit ends when the message says, else with the next window") {
    const Refusal told =
        on_create(minimax::video_v1(),
                  coded(2056, "usage limit exceeded, resets at 2026-08-01T05:00:00Z (2056)"));
    CHECK(told.quarantine.clearing == Clearing::at_time);
    CHECK(told.quarantine.until == parse_rfc3339("2026-08-01T05:00:00Z"));

    const Refusal local =
        on_create(minimax::video_v1(), coded(2056, "resets at 2026-08-01T05:00:00+08:00."));
    CHECK(local.quarantine.until == parse_rfc3339("2026-07-31T21:00:00Z"));

    const Refusal untold = on_create(minimax::video_v1(), coded(2056, "resets at noon"));
    CHECK(untold.quarantine.clearing == Clearing::next_window);
    CHECK(untold.quarantine.until == std::nullopt);
}

TEST_CASE("Retry-After says until when the account rests") {
    Reply answer = reply(429, "{}");
    answer.headers = {{"Date", "Sat, 01 Aug 2026 05:00:00 GMT"}, {"Retry-After", "30"}};
    CHECK(on_create(minimax::video_v1(), answer).quarantine.until ==
          parse_rfc3339("2026-08-01T05:00:30Z"));

    answer.headers[1].second = "Sat, 01 Aug 2026 05:01:00 GMT";
    CHECK(on_create(minimax::video_v1(), answer).quarantine.until ==
          parse_rfc3339("2026-08-01T05:01:00Z"));

    answer.headers[1].second = "soon";
    CHECK(on_create(minimax::video_v1(), answer).quarantine.until == std::nullopt);
}
