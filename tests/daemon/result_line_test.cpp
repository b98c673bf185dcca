#include "daemon/result_line.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/result_line_key.hpp"
#include "tests/support/job_factory.hpp"

using namespace genspool;
namespace json = boost::json;

namespace {

queue::JobView job_in(proto::State state) {
    queue::JobView job;
    job.spec = tests::video_job().spec;
    job.spec.custom_id = "shot \"17\"";
    job.record.seq.value = 42;
    job.record.id = proto::JobId::make(proto::Instant{std::chrono::milliseconds(1'800'000'000'000)},
                                       job.record.seq, 9);
    job.record.state = state;
    job.record.send = 2;
    job.batch_id = "the batch";
    return job;
}

json::object parsed(const std::string& line) {
    CHECK(line.ends_with("}\n"));
    CHECK(std::count(line.begin(), line.end(), '\n') == 1);
    return json::parse(line).as_object();
}

}  // namespace

TEST_CASE("a success has a response and no error") {
    const auto job = job_in(proto::State::succeeded);
    const auto line = parsed(daemon::result_line(job, {77}));

    CHECK(line.at("id").as_string() == job.record.id.text());
    CHECK(line.at("custom_id").as_string() == "shot \"17\"");
    CHECK(line.at("error").is_null());
    CHECK(line.at("end").as_int64() == 77);
    const auto& response = line.at("response").as_object();
    CHECK(response.at("status_code").as_int64() == 200);
    CHECK(response.at("request_id").as_string() == job.record.id.text() + ".2");
    CHECK(response.at("body").as_object().at("id").as_string() == job.record.id.text());
    CHECK(response.at("body").as_object().at("batch").as_string() == "the batch");
}

TEST_CASE("a failure has the upstream's words as its error") {
    auto job = job_in(proto::State::failed);
    job.record.failure = proto::Failure{
        proto::FailureClass::rejected, "1026", "content is sensitive", false, false, {}};
    const auto line = parsed(daemon::result_line(job, {78}));

    CHECK(line.at("response").as_object().at("status_code").as_int64() == 422);
    CHECK(line.at("error").as_object().at("code").as_string() == "1026");
    CHECK(line.at("error").as_object().at("message").as_string() == "content is sensitive");
}

TEST_CASE("a canceled job says so") {
    const auto line = parsed(daemon::result_line(job_in(proto::State::canceled), {79}));
    CHECK(line.at("error").as_object().at("code").as_string() == "canceled");
}

TEST_CASE("a refused line has its number and no id") {
    queue::RefusedLine refused;
    refused.line = 12;
    refused.code = "missing";
    refused.field = "request.prompt";
    refused.message = "request.prompt is required";
    const auto line = parsed(daemon::refused_result_line(refused));

    CHECK(line.at("id").is_null());
    CHECK(line.at("custom_id").is_null());
    CHECK(line.at("response").is_null());
    CHECK(line.at("end").as_int64() == 0);
    CHECK(line.at("error").as_object().at("line").as_int64() == 12);
    CHECK(line.at("error").as_object().at("field").as_string() == "request.prompt");
}

TEST_CASE("a request written over several lines stays one line") {
    auto job = job_in(proto::State::succeeded);
    job.spec.request = "{\r\n  \"model\": \"m\",\n  \"prompt\": \"a\\nb\"\n}";
    const auto line = parsed(daemon::result_line(job, {80}));
    const auto& request = line.at("response").as_object().at("body").as_object().at("request");
    CHECK(request.as_object().at("prompt").as_string() == "a\nb");
}

TEST_CASE("a line says whose it is and which counts") {
    const auto job = job_in(proto::State::succeeded);
    const auto key = daemon::result_line_key(daemon::result_line(job, {81}));
    REQUIRE(key.has_value());
    CHECK(key->job.value == 42);
    CHECK(key->end.value == 81);
    CHECK(daemon::result_line_key(daemon::refused_result_line({}))->job.value == 0);
    for (const char* text : {"", "\n", "{}", "{\"id\":\"short\",\"end\":1}", "not ours"}) {
        CAPTURE(text);
        CHECK_FALSE(daemon::result_line_key(text).has_value());
    }
}
