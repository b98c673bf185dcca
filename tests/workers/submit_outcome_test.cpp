#include "workers/submit_outcome.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace genspool;
using namespace std::chrono_literals;
using workers::HttpError;
using workers::HttpProgress;
using workers::HttpReply;
using workers::judge_transport;

namespace {

HttpReply reply(HttpProgress progress, HttpError error) {
    HttpReply made;
    made.progress = progress;
    made.error = error;
    made.error_text = "as it happened";
    return made;
}

}  // namespace

TEST_CASE("before the first byte was sent nothing was bought, whatever went wrong") {
    for (const HttpError error : {HttpError::resolve, HttpError::connect, HttpError::tls,
                                  HttpError::timeout, HttpError::reset}) {
        const auto report = judge_transport(reply(HttpProgress::not_sent, error));
        REQUIRE(report.has_value());
        const auto& refused = std::get<queue::Refused>(*report);
        CHECK(refused.refusal.on_create == proto::OnCreate::not_created);
        CHECK(refused.refusal.failure.failure == proto::FailureClass::transient);
        CHECK(refused.refusal.quarantine.scope == proto::Scope::none);
    }
}

TEST_CASE("a thing that was made is told, with a file or without") {
    const auto told = [](proto::SubmitOutcome outcome) {
        const auto report = workers::to_report(std::move(outcome), 1, {});
        return std::get<queue::DeliveredAtOnce>(report).made;
    };
    const proto::MadeThing sailor{{proto::Thing::Kind::voice, "old-sailor"}};
    CHECK(told(proto::Answered{"{}", sailor}) == sailor);
    CHECK(told(proto::Delivered{{}, "{}", sailor}) == sailor);
}

TEST_CASE("a stop before the first byte puts the job back") {
    const auto report = judge_transport(reply(HttpProgress::not_sent, HttpError::cancelled));
    REQUIRE(report.has_value());
    CHECK(std::holds_alternative<queue::PutBack>(*report));
}

TEST_CASE("after the first byte nobody can say, until the reply is complete") {
    for (const HttpProgress progress : {HttpProgress::sent, HttpProgress::head}) {
        for (const HttpError error : {HttpError::timeout, HttpError::reset, HttpError::protocol,
                                      HttpError::too_large, HttpError::cancelled}) {
            const auto report = judge_transport(reply(progress, error));
            REQUIRE(report.has_value());
            CHECK(std::holds_alternative<queue::Ambiguous>(*report));
        }
    }
}

TEST_CASE("a complete reply is left to the codec, also one with a bad status") {
    HttpReply complete = reply(HttpProgress::complete, HttpError::none);
    complete.head.status = 502;
    CHECK_FALSE(judge_transport(complete).has_value());
}

TEST_CASE("artifacts of a reply bear the number of their send") {
    proto::Delivered delivered;
    delivered.artifacts.resize(2);
    const auto report = workers::to_report(delivered, 7, proto::Instant{});
    const auto& at_once = std::get<queue::DeliveredAtOnce>(report);
    REQUIRE(at_once.artifacts.size() == 2);
    CHECK(at_once.artifacts[0].source.send == 7);
    CHECK(at_once.artifacts[1].source.send == 7);
}

TEST_CASE("a taken task carries the moment of its first poll") {
    proto::Taken taken;
    taken.tasks = {"T1"};
    const auto report = workers::to_report(taken, 1, proto::Instant{5s});
    const auto& taken_up = std::get<queue::TakenUp>(report);
    CHECK(taken_up.tasks == std::vector<std::string>{"T1"});
    CHECK(taken_up.poll_at == proto::Instant{5s});
}

TEST_CASE("an answer without artifacts ends the job at once") {
    proto::Answered answered;
    answered.result = "{}";
    const auto report = workers::to_report(answered, 1, proto::Instant{});
    const auto& at_once = std::get<queue::DeliveredAtOnce>(report);
    CHECK(at_once.artifacts.empty());
    CHECK(at_once.result == "{}");
}
