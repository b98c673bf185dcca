#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "daemon/hooks/attempts.hpp"
#include "daemon/hooks/command_hook.hpp"
#include "daemon/hooks/message.hpp"
#include "daemon/hooks/signature.hpp"

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
    CHECK(hooks::after_failure({}, failed, now).next == now + 24h);
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
