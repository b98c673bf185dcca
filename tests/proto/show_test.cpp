#include "proto/show.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "proto/canonical_json.hpp"
#include "tests/proto/record_factory.hpp"

using namespace genspool::proto;
using genspool::tests::RecordFactory;
namespace json = boost::json;

namespace {

JobSpec video_spec() {
    JobSpec spec;
    spec.request = R"({ "prompt": "p", "speed": 1.50 })";
    spec.provider = "minimax";
    spec.op = "minimax.video_v1";
    spec.account = "main";
    return spec;
}

JobRecord queued_record() {
    JobRecord record;
    record.seq = JobSeq{1};
    record.created_at = record.updated_at = Instant{Duration{1'796'112'000'000}};
    record.id = JobId::make(record.created_at, record.seq, 0xABCD);
    record.state = State::queued;
    record.principal = "uid:1000";
    record.quote = Money{490'000, Unit::usd};
    return record;
}

std::string part(const json::value& shown, std::string_view pointer) {
    return compact_json(shown.at_pointer(pointer));
}

}  // namespace

TEST_CASE("a queued job is shown whole") {
    CHECK(
        show_job(queued_record(), video_spec()) ==
        R"({"id":"01M8R9W900NF6SWDVSQ5ZMMZ0N","batch":null,"state":"queued","reason":null,)"
        R"("cancel_waits":false,"attempt":0,"send":0,"account":"main","upstream_state":null,)"
        R"("progress":null,"eta":null,"late":false,"overdue":false,"partial":false,)"
        R"("unanswered":false,)"
        R"("created_at":"2026-12-01T08:00:00.000Z","updated_at":"2026-12-01T08:00:00.000Z",)"
        R"("finished_at":null,"kind":"video","provider":"minimax","op":"minimax.video_v1",)"
        R"("model":null,"custom_id":null,"labels":{},"priority":5,"max_attempts":3,)"
        R"("max_cost":null,"not_before":null,"deadline":null,"output":null,)"
        R"("principal":"uid:1000","webhook":null,"traceparent":null,)"
        R"("after":[],"inputs":[],"on_unknown":"hold","task":null,)"
        R"("tasks":[],)"
        R"("artifacts":[],"result":null,"failure":null,"cost":{"estimated":0.49,"spent":0,)"
        R"("uncertain":0,"reserved":0,"unit":"USD"},"request":{ "prompt": "p", "speed": 1.50 }})");
}

TEST_CASE("what came of a job is shown") {
    JobRecord record = queued_record();
    record.account = "second";
    record.send = 2;
    record.charged = 1;
    record.tasks = {{"t-1", "second", 2, Task::Status::done}};
    Artifact home;
    home.status = Artifact::Status::home;
    home.name = "a/b.mp4";
    home.media_type = "video/mp4";
    home.bytes = 12;
    home.sha256 = "ab";
    Artifact lost;
    lost.status = Artifact::Status::lost;
    lost.failure = Failure{FailureClass::artifact, "artifact.length", "short", false, false, ""};
    record.artifacts = {home, lost};
    record.result = R"({"voice_id":"v"})";
    record.max_cost = 600'000;
    record.on_unknown = {OnUnknown::Policy::resubmit_up_to, 10'000};
    JobSpec spec = video_spec();
    spec.labels = {{"film", "reel"}};
    ShowExtras extras;
    extras.batch = "B";
    extras.artifact_root = "/root";
    extras.gates = R"([{"name":"slot"}])";

    const json::value shown = json::parse(show_job(record, spec, extras));

    CHECK(part(shown, "/account") == R"("second")");
    CHECK(part(shown, "/attempt") == "1");
    CHECK(part(shown, "/task") == R"("t-1")");
    CHECK(part(shown, "/tasks/0/state") == R"("done")");
    CHECK(part(shown, "/batch") == R"("B")");
    CHECK(part(shown, "/labels") == R"({"film":"reel"})");
    CHECK(part(shown, "/gates") == R"([{"name":"slot"}])");
    CHECK(part(shown, "/artifacts/0/path") == R"("/root/a/b.mp4")");
    CHECK(part(shown, "/artifacts/0/bytes") == "12");
    CHECK(part(shown, "/artifacts/0/state") == R"("home")");
    CHECK(part(shown, "/artifacts/1/n") == "1");
    CHECK(part(shown, "/artifacts/1/bytes") == "null");
    CHECK(part(shown, "/artifacts/1/failure/code") == R"("artifact.length")");
    CHECK_FALSE(shown.at("artifacts").at(1).as_object().contains("path"));
    CHECK(part(shown, "/result") == R"({"voice_id":"v"})");
    CHECK(part(shown, "/max_cost") == "0.6");
    CHECK(part(shown, "/on_unknown") == R"({"resubmit_up_to":0.01})");
}

TEST_CASE("progress is a plain decimal, and an eta a moment") {
    const auto shown = [](std::optional<std::uint32_t> permille, std::optional<Instant> eta) {
        ShowExtras extras;
        extras.outlook = {permille, eta};
        const json::value job = json::parse(show_job(queued_record(), video_spec(), extras));
        return part(job, "/progress") + " " + part(job, "/eta");
    };
    CHECK(shown({}, {}) == "null null");
    CHECK(shown(0, Instant(Duration(1))) == R"(0 "1970-01-01T00:00:00.001Z")");
    CHECK(shown(413, {}) == "0.413 null");
    CHECK(shown(990, {}) == "0.99 null");
    CHECK(shown(1'000, {}) == "1 null");
}

TEST_CASE("the upstream's words are embedded if they are JSON, else quoted") {
    JobRecord record = queued_record();
    record.failure = Failure{FailureClass::rejected, "1026", "no", false, true, R"({"code":1026})"};
    const auto upstream = [&] {
        return part(json::parse(show_job(record, video_spec())), "/failure/upstream");
    };

    CHECK(upstream() == R"({"code":1026})");
    record.failure->upstream = R"({"code":10)";
    CHECK(upstream() == R"("{\"code\":10")");
    record.failure->upstream = "<html>\xFF";
    CHECK(upstream() == "\"<html>\xEF\xBF\xBD\"");
    record.failure->upstream.clear();
    CHECK(upstream() == "null");
}

TEST_CASE("a list may leave the requests out") {
    ShowExtras extras;
    extras.with_request = false;

    const auto shown = json::parse(show_job(queued_record(), video_spec(), extras));

    CHECK_FALSE(shown.as_object().contains("request"));
}

TEST_CASE("whatever a record holds, what is shown is JSON") {
    RecordFactory factory(16);
    for (int i = 0; i < 300; ++i) {
        JobSpec spec = factory.spec();
        spec.request = "{}";
        boost::system::error_code ec;
        const auto shown = json::parse(show_job(factory.record(), spec), ec);
        CHECK_FALSE(ec);
    }
}
