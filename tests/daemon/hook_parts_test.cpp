#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "daemon/hooks/attempts.hpp"
#include "daemon/hooks/command_hook.hpp"
#include "daemon/hooks/message.hpp"
#include "daemon/hooks/signature.hpp"
#include "daemon/hooks/spans.hpp"

using namespace genspool;
using namespace genspool::daemon;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

constexpr proto::Instant now{proto::Duration{1'796'112'000'000}};

queue::JobView succeeded_job() {
    queue::JobView job;
    job.record.id = proto::JobId::make(now, proto::JobSeq{7}, 0xABCD);
    job.record.seq = proto::JobSeq{7};
    job.record.state = proto::State::succeeded;
    job.record.account = "main";
    job.record.quote = proto::Money{490'000, proto::Unit::usd};
    job.record.spent = 490'000;
    job.record.artifacts = {
        {{}, proto::Artifact::Status::home, "video/mp4", "a b.mp4", 3, "aa", {}},
        {{}, proto::Artifact::Status::home, "image/png", "c.png", 3, "bb", {}},
        {{}, proto::Artifact::Status::lost, "image/png", "d.png", 0, "", {}}};
    job.spec.kind = proto::Kind::video;
    job.spec.op = "minimax.video_v1";
    job.spec.custom_id = std::string("shot\0 1", 7);
    job.spec.request = R"({"prompt":"a kite"})";
    return job;
}

queue::EventRecord event_of(const queue::JobView& job) {
    queue::EventRecord event;
    event.seq = proto::EventSeq{12};
    event.job = job.record.seq;
    event.id = job.record.id;
    event.at = now;
    event.from = proto::State::fetching;
    event.to = proto::State::succeeded;
    event.event = proto::Event::fetched;
    return event;
}

std::string variable(const hooks::Message& message, const std::string& name) {
    for (const auto& [each, value] : hooks::environment_of(message, "/srv/artifacts"))
        if (each == name) return value;
    return "(not there)";
}

}  // namespace

TEST_CASE("a signature is that of the standard's own example") {
    // From the Standard Webhooks specification.
    const auto secret = hooks::read_signing_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    REQUIRE(secret.has_value());
    const std::vector secrets{*secret};
    const proto::Instant at{1'614'265'330s};
    CHECK(hooks::timestamp(at) == "1614265330");
    CHECK(hooks::sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, R"({"test": 2432232314})", secrets) ==
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("while secrets change both sign") {
    const std::vector secrets{*hooks::read_signing_secret("whsec_" + std::string(32, 'A')),
                              *hooks::read_signing_secret(std::string(32, 'B'))};
    const std::string both = hooks::sign("id", now, "body", secrets);
    const std::string one = hooks::sign("id", now, "body", std::span(secrets).first(1));
    const std::string other = hooks::sign("id", now, "body", std::span(secrets).last(1));
    CHECK(both == one + " " + other);
    CHECK(one != other);
}

TEST_CASE("what is no signing secret is refused") {
    for (const std::string& text : {std::string(), std::string("whsec_"), std::string("whsec_!"),
                                    std::string(28, 'A'), std::string(92, 'A')}) {
        CAPTURE(text);
        CHECK_FALSE(hooks::read_signing_secret(text).has_value());
    }
}

TEST_CASE("attempts are spread over two days and a half, and then given up") {
    hooks::Attempts attempts;
    hooks::Outcome failed;
    failed.error = "refused";
    proto::Instant at = now;
    int made = 0;
    while (!attempts.given_up) {
        attempts = hooks::after_failure(attempts, failed, at);
        ++made;
        if (attempts.given_up) break;
        REQUIRE(attempts.next > at);
        at = attempts.next;
    }
    CHECK(made == 12);
    CHECK(attempts.made == 12);
    CHECK(at - now > 48h);
    CHECK(at - now < 72h);
}

TEST_CASE("an attempt waits as long as it was asked to, within a day") {
    hooks::Outcome failed;
    failed.error = "it answered 429";
    failed.at_least = 90s;
    CHECK(hooks::after_failure({}, failed, now).next == now + 90s);
    failed.at_least = 1s;
    CHECK(hooks::after_failure({}, failed, now).next == now + 5s);
    failed.at_least = 1'000h;
    CHECK(hooks::after_failure({}, failed, now).next == now + 1h);
    failed.hopeless = true;
    CHECK(hooks::after_failure({}, failed, now).given_up);
}

TEST_CASE("attempts are read back from their note") {
    const hooks::Attempts open{3, now, false, "connection refused: a b"};
    const hooks::Attempts given_up{12, now, true, ""};
    CHECK(hooks::parse_attempts(hooks::show_attempts(open)) == open);
    CHECK(hooks::parse_attempts(hooks::show_attempts(given_up)) == given_up);
    for (const char* const text : {"", "3", "3 4", "x 4 open e", "3 y open e", "3 4 closed e"}) {
        CAPTURE(text);
        CHECK_FALSE(hooks::parse_attempts(text).has_value());
    }
}

TEST_CASE("a message is a CloudEvent of the job without its request") {
    queue::JobView job = succeeded_job();
    job.spec.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const queue::EventRecord event = event_of(job);
    const hooks::Message message = hooks::make_message(event, job, "https://spool.test", "/a", now);

    const json::value body = json::parse(message.body);
    CHECK(body.at("specversion") == "1.0");
    CHECK(body.at("id") == json::string(message.id));
    CHECK(message.id == event.id.text() + ".12");
    CHECK(body.at("source") == "https://spool.test");
    CHECK(body.at("type") == "genspool.job.succeeded");
    CHECK(body.at("subject") == json::string(event.id.text()));
    CHECK(body.at("time") == "2026-12-01T08:00:00.000Z");
    CHECK(body.at("traceparent") == json::string(job.spec.traceparent));
    CHECK(body.at_pointer("/data/event/seq") == 12);
    CHECK(body.at_pointer("/data/job/state") == "succeeded");
    CHECK(body.at_pointer("/data/job/artifacts/0/path") == "/a/a b.mp4");
    CHECK_FALSE(body.at_pointer("/data/job").as_object().contains("request"));
}

TEST_CASE("a command finds the job in its environment") {
    const queue::JobView job = succeeded_job();
    const hooks::Message message = hooks::make_message(event_of(job), job, "urn:x", "/a", now);

    CHECK(variable(message, "GENSPOOL_JOB_ID") == job.record.id.text());
    CHECK(variable(message, "GENSPOOL_STATE") == "succeeded");
    CHECK(variable(message, "GENSPOOL_CUSTOM_ID") == "shot 1");
    CHECK(variable(message, "GENSPOOL_ARTIFACT") == "/srv/artifacts/a b.mp4");
    CHECK(variable(message, "GENSPOOL_ARTIFACTS") ==
          "/srv/artifacts/a b.mp4\n/srv/artifacts/c.png");
    CHECK(variable(message, "GENSPOOL_COST") == "0.49");
    CHECK(variable(message, "GENSPOOL_COST_UNIT") == "USD");
    CHECK(variable(message, "GENSPOOL_FAILURE").empty());
}

namespace {

/// Admitted, bought, failed, retried, bought, home.
std::vector<queue::EventRecord> two_runs(const queue::JobView& job) {
    using proto::Event;
    using proto::State;
    struct Row {
        State to;
        Event event;
    };
    const std::vector<Row> rows = {
        {State::queued, Event::admitted},    {State::submitting, Event::claimed},
        {State::failed, Event::rejected},    {State::queued, Event::retry},
        {State::submitting, Event::claimed}, {State::running, Event::taken},
        {State::running, Event::cancel},     {State::fetching, Event::task_done},
        {State::succeeded, Event::fetched}};
    std::vector<queue::EventRecord> events;
    State state = State::absent;
    for (const Row& row : rows) {
        queue::EventRecord event = event_of(job);
        event.seq.value = events.size() + 1;
        event.at = now + std::chrono::seconds{events.size()};
        event.from = state;
        event.to = state = row.to;
        event.event = row.event;
        events.push_back(event);
    }
    return events;
}

}  // namespace

TEST_CASE("a job's way since its last retry is told as spans within the caller's trace") {
    queue::JobView job = succeeded_job();
    job.spec.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const auto events = two_runs(job);
    const std::string text = hooks::spans_text(events, job);
    CHECK(text == hooks::spans_text(events, job));
    const json::value body = json::parse(text);
    const json::array& spans = body.at_pointer("/resourceSpans/0/scopeSpans/0/spans").as_array();
    REQUIRE(spans.size() == 5);
    std::set<std::string> ids;
    for (const json::value& span : spans) {
        CHECK(span.at("traceId") == "4bf92f3577b34da6a3ce929d0e0e4736");
        ids.emplace(span.at("spanId").as_string());
    }
    CHECK(ids.size() == 5);
    CHECK(spans[0].at("parentSpanId") == "00f067aa0ba902b7");
    CHECK(spans[0].at("name") == "genspool video");
    CHECK(spans[0].at("startTimeUnixNano") == "1796112003000000000");
    CHECK(spans[0].at("endTimeUnixNano") == "1796112008000000000");
    CHECK_FALSE(spans[0].as_object().contains("status"));
    CHECK(spans[3].at("name") == "running");
    CHECK(spans[3].at("parentSpanId") == spans[0].at("spanId"));
    CHECK(spans[3].at("startTimeUnixNano") == "1796112005000000000");
    CHECK(spans[3].at("endTimeUnixNano") == "1796112007000000000");
}

TEST_CASE("what nobody traces has a trace of its own; what is not to be sampled has none") {
    queue::JobView job = succeeded_job();
    auto events = two_runs(job);
    events.resize(3);
    const json::value body = json::parse(hooks::spans_text(events, job));
    const json::value& whole = body.at_pointer("/resourceSpans/0/scopeSpans/0/spans/0");
    CHECK(whole.at("traceId").as_string().size() == 32);
    CHECK_FALSE(whole.as_object().contains("parentSpanId"));
    CHECK(whole.at_pointer("/status/code") == 2);

    job.spec.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    CHECK(hooks::spans_text(events, job).empty());
    CHECK(hooks::spans_text({}, succeeded_job()).empty());
}
