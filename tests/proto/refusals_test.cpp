#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <random>

#include "proto/batch_line.hpp"
#include "tests/proto/admission_world.hpp"

using namespace genspool::proto;
using genspool::tests::AdmissionWorld;

namespace {

struct Bad {
    std::string text;
    std::string_view code;
    std::string_view field;
    std::string_view fragment;  ///< of the message
};

/// A job that is right but for these further members.
std::string with(const std::string& members) {
    return R"({"kind":"video","request":{"prompt":"p","model":"m1"},)" + members + "}";
}

/// A job with this request.
std::string request(const std::string& members) {
    return R"({"kind":"video","request":{"prompt":"p",)" + members + "}}";
}

std::string batch(const std::string& members) {
    return R"({"custom_id":"c",)" + members + "}";
}

std::string labels(int count) {
    std::string out = R"("labels":{)";
    for (int i = 0; i < count; ++i) {
        out.append(i == 0 ? "" : ",").append("\"l").append(std::to_string(i)).append(R"(":"v")");
    }
    return out + "}";
}

const std::string long_text(300, 'x');

void check_all(const std::vector<Bad>& table) {
    const AdmissionWorld world;
    for (const Bad& bad : table) {
        const auto job = parse_line(bad.text, world.context());
        CAPTURE(bad.text);
        REQUIRE(job.has_error());
        CHECK(job.error().code == bad.code);
        CHECK(job.error().field == bad.field);
        CAPTURE(job.error().message);
        CHECK(job.error().message.find(bad.fragment) != std::string::npos);
    }
}

}  // namespace

TEST_CASE("the shape of a job is checked") {
    check_all({
        {"[]", "invalid", "", "must be a JSON object, not an array"},
        {"5", "invalid", "", "not 5"},
        {"\"video\"", "invalid", "", "not \"video\""},
        {"{}", "missing", "kind", "kind is required"},
        {R"({"kind":"video"})", "missing", "request", "request is required"},
        {R"({"kind":null,"request":{}})", "missing", "kind", "kind is required"},
        {R"({"kind":"video","request":null})", "missing", "request", "request is required"},
        {R"({"kind":"video","request":"p"})", "invalid", "request", "an object, not \"p\""},
        {R"({"kind":"video","request":[]})", "invalid", "request", "an object, not an array"},
        {R"({"kind":5,"request":{}})", "invalid", "kind", "kind must be a string, not 5"},
        {R"({"kind":"","request":{}})", "invalid", "kind", "1 to 64 characters, not 0"},
        {R"({"kind":"vidoe","request":{}})", "invalid", "kind", "did you mean 'video'?"},
        {R"({"kind":"banana","request":{}})", "invalid", "kind", "unknown kind 'banana'"},
        {with(R"("promt":"x")"), "unknown_field", "promt", "unknown field \"promt\""},
        {with(R"("prioritty":1)"), "unknown_field", "prioritty", "did you mean 'priority'?"},
        {with(R"("customid":"x")"), "unknown_field", "customid", "did you mean 'custom_id'?"},
        {with(R"("url":"/v1/x")"), "unknown_field", "url", "unknown field \"url\""},
    });
}

TEST_CASE("what a job comes after is a list of names") {
    std::string many = R"("after":["a")";
    for (int n = 0; n < 100; ++n)
        many += R"(,"a")";
    check_all({
        {with(R"("after":"01")"), "invalid", "after", "an array of job ids"},
        {with(R"("after":{})"), "invalid", "after", "an array of job ids"},
        {with(many + "]"), "too_long", "after", "at most 100 jobs, not 101"},
        {with(R"("after":["a",""])"), "invalid", "after[1]", "the id of a job"},
        {with(R"("after":[7])"), "invalid", "after[0]", "not 7"},
        {with(R"("after":[null])"), "invalid", "after[0]", "the id of a job"},
        {with(R"("after":[")" + long_text + R"("])"), "invalid", "after[0]", "the id of a job"},
    });
}

TEST_CASE("a file of another job stands only where the op takes one, and is named in full") {
    check_all({
        {request(R"("image":{"$artifact":"J/0","x":1})"), "invalid", "request.image",
         "nothing else"},
        {request(R"("image":{"$artifact":7})"), "invalid", "request.image", "$artifact is 7"},
        {request(R"("image":{"$artifact":"J"})"), "invalid", "request.image", "JOB/N"},
        {request(R"("image":{"$artifact":"/0"})"), "invalid", "request.image", "JOB/N"},
        {request(R"("image":{"$artifact":"J/"})"), "invalid", "request.image", "JOB/N"},
        {request(R"("image":{"$artifact":"J/-1"})"), "invalid", "request.image", "JOB/N"},
        {request(R"("image":{"$artifact":"J/1x"})"), "invalid", "request.image", "JOB/N"},
        {request(R"("image":{"$artifact":"J/99999999999"})"), "invalid", "request.image", "JOB/N"},
        {request(R"("a":[1,{"b":{"$artifact":"J/0"}}])"), "invalid", "request.a[1].b",
         "request.a[1].b takes no file"},
        {R"({"kind":"video","request":{"$artifact":"J/0"}})", "invalid", "request",
         "whole request"},
    });
}

TEST_CASE("what is not built yet is refused by name") {
    check_all({
        {with(R"("webhook":"https://x.test")"), "not_available", "webhook", "[hooks] secret_file"},
        {request(R"("image":{"$file":"a.png"})"), "invalid", "request.image", "PUT /v1/blobs"},
        {R"({"kind":"agent","request":{}})", "not_available", "kind", "kind 'agent' is not"},
        {R"({"kind":"chat","request":{}})", "not_available", "kind", "kind 'chat' is not"},
        {R"({"kind":"tts","request":{"prompt":"p"},"provider":"other"})", "not_available", "kind",
         "not available"},
    });
}

TEST_CASE("what genspool sets itself is not taken from the user") {
    check_all({
        {request(R"("callback_url":"https://x.test")"), "owned_by_genspool", "request.callback_url",
         "set by genspool itself"},
        {request(R"("replyUrl":"x")"), "owned_by_genspool", "request.replyUrl", "replyUrl"},
        {request(R"("replyRef":null)"), "owned_by_genspool", "request.replyRef", "replyRef"},
    });
}

TEST_CASE("provider and account are checked") {
    check_all({
        {with(R"("provider":"acme")"), "invalid", "provider",
         "unknown provider 'acme'; known: "
         "fake, other"},
        {with(R"("provider":7)"), "invalid", "provider", "provider must be a string, not 7"},
        {with(R"("account":"third")"), "unknown_account", "account", "configured: main, second"},
        {with(R"("account":["main"])"), "invalid", "account", "a string, not an array"},
        {with(R"("provider":"other","account":"main")"), "invalid", "account",
         "belongs to provider 'fake', not to 'other'"},
        {with(R"("account":"second")"), "invalid", "account", "does not take kind 'video'"},
    });
}

TEST_CASE("texts are checked for type, length and characters") {
    check_all({
        {with(R"("custom_id":17)"), "invalid", "custom_id", "a string, not 17"},
        {with(R"("custom_id":"")"), "invalid", "custom_id", "1 to 256 characters, not 0"},
        {with(R"("custom_id":")" + long_text + "\""), "too_long", "custom_id", "not 300"},
        {with(R"("custom_id":"a\nb")"), "invalid", "custom_id", "control characters"},
        {with(R"("custom_id":"a\u0000")"), "invalid", "custom_id", "control characters"},
        {with(R"("idempotency_key":"")"), "invalid", "idempotency_key", "1 to 255"},
        {with(R"("idempotency_key":")" + long_text + "\""), "too_long", "idempotency_key", "300"},
        {with(R"("idempotency_key":"\u007f")"), "invalid", "idempotency_key", "control"},
        {with(R"("idempotency_key":"é")"), "invalid", "idempotency_key", "printable ASCII"},
        {with(R"("idempotency_key":1)"), "invalid", "idempotency_key", "a string, not 1"},
    });
}

TEST_CASE("labels are checked") {
    check_all({
        {with(R"("labels":["a"])"), "invalid", "labels", "an object, not an array"},
        {with(R"("labels":{"a":1})"), "invalid", "labels.a", "labels.a must be a string, not 1"},
        {with(R"("labels":{"a":null})"), "invalid", "labels.a", "a string, not null"},
        {with(R"("labels":{"":"x"})"), "invalid", "labels", "the name \"\" must be"},
        {with(R"("labels":{"a b":"x"})"), "invalid", "labels", "the name \"a b\" must be"},
        {with(R"("labels":{"a":")" + long_text + "\"}"), "invalid", "labels.a", "at most 256"},
        {with(R"("labels":{"a":"\t"})"), "invalid", "labels.a", "control character"},
        {with(labels(33)), "too_long", "labels", "at most 32 members, not 33"},
    });
}

TEST_CASE("numbers are checked") {
    check_all({
        {with(R"("priority":10)"), "invalid", "priority", "an integer from 0 to 9, not 10"},
        {with(R"("priority":-1)"), "invalid", "priority", "not -1"},
        {with(R"("priority":1.5)"), "invalid", "priority", "not 1.5"},
        {with(R"("priority":"5")"), "invalid", "priority", "not \"5\""},
        {with(R"("priority":1e400)"), "invalid", "priority", "too large a number"},
        {with(R"("priority":18446744073709551615)"), "invalid", "priority", "from 0 to 9"},
        {with(R"("max_attempts":0)"), "invalid", "max_attempts", "from 1 to 100, not 0"},
        {with(R"("max_attempts":101)"), "invalid", "max_attempts", "from 1 to 100, not 101"},
        {with(R"("max_attempts":true)"), "invalid", "max_attempts", "not true"},
        {request(R"("speed":1e400)"), "invalid", "request.speed", "too large"},
        {request(R"("a":[0,-1e999])"), "invalid", "request.a[1]", "too large"},
    });
}

TEST_CASE("amounts are exact or refused") {
    check_all({
        {with(R"("max_cost":-1)"), "invalid", "max_cost", "a decimal from 0"},
        {with(R"("max_cost":-0.5)"), "invalid", "max_cost", "not -0.5"},
        {with(R"("max_cost":0.0000001)"), "invalid", "max_cost", "at most six decimals"},
        {with(R"("max_cost":1e-300)"), "invalid", "max_cost", "at most six decimals"},
        {with(R"("max_cost":"0.1234567")"), "invalid", "max_cost", "not \"0.1234567\""},
        {with(R"("max_cost":1e10)"), "invalid", "max_cost", "999999999"},
        {with(R"("max_cost":1e400)"), "invalid", "max_cost", "too large a number"},
        {with(R"("max_cost":"1e3")"), "invalid", "max_cost", "not \"1e3\""},
        {with(R"("max_cost":"0,5")"), "invalid", "max_cost", "not \"0,5\""},
        {with(R"("max_cost":true)"), "invalid", "max_cost", "not true"},
        {with(R"("max_cost":{"USD":1})"), "invalid", "max_cost", "not an object"},
        {with(R"("max_cost":0.489999)"), "exceeds_max_cost", "max_cost",
         "estimated at 0.49 USD, above max_cost 0.489999"},
        {with(R"("max_cost":0)"), "exceeds_max_cost", "max_cost", "above max_cost 0"},
    });
}

TEST_CASE("on_unknown is one of three") {
    check_all({
        {with(R"("on_unknown":"retry")"), "invalid", "on_unknown", "not \"retry\""},
        {with(R"("on_unknown":true)"), "invalid", "on_unknown", "\"hold\", \"resubmit\""},
        {with(R"("on_unknown":{})"), "invalid", "on_unknown", "not an object"},
        {with(R"("on_unknown":{"resubmit_up_to":1,"x":2})"), "invalid", "on_unknown", "hold"},
        {with(R"("on_unknown":{"resubmit_up_to":-1})"), "invalid", "on_unknown.resubmit_up_to",
         "a decimal from 0"},
    });
}

TEST_CASE("times are checked") {
    check_all({
        {with(R"("deadline":"tomorrow")"), "invalid", "deadline", "not \"tomorrow\""},
        {with(R"("deadline":1796112000)"), "invalid", "deadline", "not 1796112000"},
        {with(R"("deadline":"6h")"), "invalid", "deadline", "such as \"+6h\""},
        {with(R"("deadline":"2026-12-01T08:00:00Z")"), "invalid", "deadline", "in the future"},
        {with(R"("deadline":"+0s")"), "invalid", "deadline", "must lie in the future"},
        {with(R"("not_before":"+6h","deadline":"+6h")"), "invalid", "deadline",
         "must be later than not_before 2026-12-01T14:00:00.000Z"},
        {with(R"("not_before":"2026-13-01T00:00:00Z")"), "invalid", "not_before", "a time"},
        {with(R"("not_before":"+1x")"), "invalid", "not_before", "not \"+1x\""},
    });
}

TEST_CASE("the template of the artifacts' names is checked") {
    check_all({
        {with(R"("output":5)"), "invalid", "output", "a string, not 5"},
        {with(R"("output":"")"), "invalid", "output", "1 to 512"},
        {with(R"("output":")" + long_text + long_text + "\""), "too_long", "output", "not 600"},
        {with(R"("output":"/etc/passwd")"), "invalid", "output", "relative"},
        {with(R"("output":"a/../b")"), "invalid", "output", "must not contain \"..\""},
        {with(R"("output":"dir/")"), "invalid", "output", "must name a file"},
        {with(R"("output":"a//b")"), "invalid", "output", "an empty name"},
        {with(R"("output":"a/.hidden")"), "invalid", "output", "begins with"},
        {with(R"("output":"a\\b")"), "invalid", "output", "backslashes"},
        {with(R"("output":"a\nb")"), "invalid", "output", "control characters"},
        {with(R"("output":"a/)" + long_text.substr(0, 201) + "\""), "invalid", "output", "200"},
        {with(R"("output":"{name}{ext}")"), "invalid", "output", "no name '{name}'"},
        {with(R"("output":"{id")"), "invalid", "output", "a brace without its partner"},
        {with(R"("output":"id}")"), "invalid", "output", "a brace without its partner"},
        {with(R"("output":"{{id}}")"), "invalid", "output", "a brace without its partner"},
        {with(R"("output":"a\u0000b")"), "invalid", "output", "control characters"},
    });
}

TEST_CASE("OpenAI batch lines are checked") {
    const std::string good = R"("method":"POST","url":"/v1/video_generation")";
    check_all({
        {batch(R"("method":"POST","url":"/v1/video_generation")"), "missing", "body",
         "body is required"},
        {batch(R"("method":"POST","body":{})"), "missing", "url", "url is required"},
        {batch(R"("url":"/v1/video_generation","body":{})"), "missing", "method", "is required"},
        {batch(R"("method":"GET","url":"/v1/t2a_v2","body":{})"), "invalid", "method",
         "must be \"POST\", not \"GET\""},
        {batch(R"("method":"POST","url":"/v1/embeddings","body":{})"), "invalid", "url",
         "/v1/video_generation, /v1/t2a_v2, "},
        {batch(R"("method":"POST","url":"not a url","body":{})"), "invalid", "url", "not a url"},
        {batch(R"("method":"POST","url":5,"body":{})"), "invalid", "url", "a string, not 5"},
        {batch(good + R"(,"body":"x")"), "invalid", "body", "an object, not \"x\""},
        {batch(good + R"(,"body":{"prompt":1})"), "invalid", "body.prompt", "body.prompt must"},
        {batch(good + R"(,"body":{"prompt":"p","callback_url":"x"})"), "owned_by_genspool",
         "body.callback_url", "body.callback_url is set by genspool"},
        {batch(good + R"(,"body":{"prompt":"p"},"prio":1)"), "unknown_field", "prio", "\"prio\""},
        {batch(R"("method":"POST","url":"/v1/chat/completions","body":{"messages":[]})"),
         "not_available", "kind", "kind 'chat' is not available yet"},
    });
}

TEST_CASE("the provider's own rules are heard") {
    check_all({
        {R"({"kind":"video","request":{}})", "missing", "request.prompt", "is required"},
        {R"({"kind":"video","request":{"prompt":1}})", "invalid", "request.prompt", "a string"},
    });
}

TEST_CASE("text damaged anywhere is refused or read, and never worse") {
    const AdmissionWorld world;
    const std::string line = with(R"("labels":{"a":"b"},"max_cost":0.6,"output":"{id}{ext}")");
    for (std::size_t length = 0; length < line.size(); ++length) {
        CHECK(parse_line(line.substr(0, length), world.context()).has_error());
    }
    std::mt19937_64 random(15);
    for (int i = 0; i < 5'000; ++i) {
        std::string damaged = line;
        damaged[random() % damaged.size()] = static_cast<char>(random());
        const auto job = parse_line(damaged, world.context());
        if (job.has_error()) CHECK_FALSE(job.error().message.empty());
    }
}
