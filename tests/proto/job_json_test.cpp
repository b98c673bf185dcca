#include "proto/job_json.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "proto/batch_line.hpp"
#include "tests/proto/admission_world.hpp"

using namespace genspool::proto;
using genspool::tests::AdmissionWorld;

namespace {

ParsedJob accepted(const AdmissionWorld& world, std::string_view line) {
    auto job = parse_line(line, world.context());
    CAPTURE(line);
    REQUIRE_MESSAGE(job.has_value(), (job ? "" : job.error().message));
    return std::move(*job);
}

/// A job with these further members.
std::string with(std::string_view members) {
    return R"({"kind":"video","request":{"prompt":"p","model":"m1"},)" + std::string(members) + "}";
}

}  // namespace

TEST_CASE("kind and request are all that a job needs") {
    const AdmissionWorld world;
    const ParsedJob job = accepted(world, R"({"kind":"video","request":{"prompt":"p"}})");

    JobSpec expected;
    expected.request = R"({"prompt":"p"})";
    expected.provider = "fake";
    expected.op = "fake.video";
    expected.principal = "uid:1000";
    CHECK(job.spec == expected);
    CHECK(job.codec == world.registry.codec("fake.video"));
    CHECK(job.idempotency_key.empty());
}

TEST_CASE("every field of a job is read") {
    const AdmissionWorld world;
    const ParsedJob job = accepted(world, with(R"(
        "custom_id": "shot-017", "labels": {"film": "reel-3", "act": "1"}, "priority": 9,
        "provider": "fake", "account": "main", "not_before": "2026-12-01T09:00:00Z",
        "deadline": "+6h", "max_attempts": 1, "max_cost": 0.60,
        "on_unknown": {"resubmit_up_to": 0.01}, "output": "{batch}/{custom_id}{ext}",
        "after": ["shot-016", "01JDPZ"], "idempotency_key": "k 1")"));

    const Instant now = world.context().now;
    CHECK(job.spec.custom_id == "shot-017");
    CHECK(job.spec.labels ==
          std::vector<std::pair<std::string, std::string>>{{"act", "1"}, {"film", "reel-3"}});
    CHECK(job.spec.priority == 9);
    CHECK(job.spec.account == "main");
    CHECK(job.spec.model == "m1");
    CHECK(job.spec.not_before == now + std::chrono::hours{1});
    CHECK(job.spec.deadline == now + std::chrono::hours{6});
    CHECK(job.spec.max_attempts == 1);
    CHECK(job.spec.max_cost == 600'000);
    CHECK(job.spec.quote == Money{490'000, Unit::usd});
    CHECK(job.spec.on_unknown == OnUnknown{OnUnknown::Policy::resubmit_up_to, 10'000});
    CHECK(job.spec.output == "{batch}/{custom_id}{ext}");
    CHECK(job.after == std::vector<std::string>{"shot-016", "01JDPZ"});
    CHECK(job.idempotency_key == "k 1");
    CHECK(job.canonical.find("idempotency_key") == std::string::npos);
    CHECK(job.canonical.find(R"("priority":9)") != std::string::npos);
}

TEST_CASE("null counts as absent") {
    const AdmissionWorld world;
    const ParsedJob job =
        accepted(world, with(R"("deadline":null,"webhook":null,"custom_id":null,"max_cost":null)"));

    CHECK_FALSE(job.spec.deadline.has_value());
    CHECK(job.spec.custom_id.empty());
}

TEST_CASE("a whole number may be written in any way, an amount as number or string") {
    const AdmissionWorld world;
    CHECK(accepted(world, with(R"("priority":0)")).spec.priority == 0);
    CHECK(accepted(world, with(R"("priority":7.0)")).spec.priority == 7);
    CHECK(accepted(world, with(R"("max_cost":"0.49")")).spec.max_cost == 490'000);
    CHECK(accepted(world, with(R"("max_cost":1)")).spec.max_cost == 1'000'000);
    CHECK(accepted(world, with(R"("max_cost":1.000001)")).spec.max_cost == 1'000'001);
    CHECK(accepted(world, with(R"("max_cost":123456789.123456)")).spec.max_cost ==
          123'456'789'123'456);
    CHECK(accepted(world, with(R"("max_cost":5e-1)")).spec.max_cost == 500'000);
    CHECK(accepted(world, with(R"("on_unknown":"resubmit")")).spec.on_unknown.policy ==
          OnUnknown::Policy::resubmit);
}

TEST_CASE("a limit is accepted where the price is not known; a gate judges it later") {
    const AdmissionWorld world;
    const ParsedJob job = accepted(
        world, R"({"kind":"video","request":{"prompt":"p","model":"new"},"max_cost":0.000001})");

    CHECK_FALSE(job.spec.quote.has_value());
    CHECK(job.spec.max_cost == 1);
}

TEST_CASE("the provider is the named one, the account's, the default, or the only one") {
    AdmissionWorld world;
    const std::string video = R"({"kind":"video","request":{"prompt":"p"})";
    CHECK(accepted(world, video + "}").spec.op == "fake.video");
    CHECK(accepted(world, video + R"(,"provider":"other"})").spec.op == "other.video");
    const std::string image = R"({"kind":"image","request":{"prompt":"p"})";
    CHECK(accepted(world, image + R"(,"account":"second"})").spec.op == "other.image");

    world.default_provider.clear();
    CHECK(parse_line(video + "}", world.context()).error().code == "ambiguous_provider");
    world.accounts.resize(1);
    CHECK(accepted(world, video + "}").spec.op == "fake.video");

    world.accounts.clear();
    CHECK(parse_line(video + "}", world.context()).error().code == "ambiguous_provider");
    CHECK(accepted(world, video + R"(,"provider":"other"})").spec.op == "other.video");
    world.default_provider = "other";
    CHECK(accepted(world, video + "}").spec.op == "other.video");
}

TEST_CASE("the request keeps the producer's bytes") {
    const AdmissionWorld world;
    const std::string request = R"({ "prompt" : "\u0070",  "speed": 1.50, "prompt": "q" })";

    CHECK(accepted(world, R"({"request":)" + request + R"(, "kind": "video"})").spec.request ==
          request);
    CHECK(
        accepted(world, R"({"custom_id":"a","method":"POST","url":"/v1/video_generation","body":)" +
                            request + "}")
            .spec.request == request);
}

TEST_CASE("without the text the request is written anew, its order kept") {
    const AdmissionWorld world;
    const auto object =
        boost::json::parse(R"({"kind":"video","request":{"prompt":"p","a":1.5,"b":1e3}})");

    const auto job = parse_job(object.get_object(), world.context());

    REQUIRE(job.has_value());
    CHECK(job->spec.request == R"({"prompt":"p","a":1.5,"b":1000})");
}

TEST_CASE("a key with an escape has its request written anew") {
    const AdmissionWorld world;
    CHECK(accepted(world, R"({"k\u0069nd":"video","request":{ "prompt":"p" }})").spec.request ==
          R"({"prompt":"p"})");
}

TEST_CASE("the canonical form is the same for the same job in any order and spelling") {
    const AdmissionWorld world;
    const ParsedJob one = accepted(
        world, R"({"kind":"video","request":{"prompt":"p"},"priority":5,"idempotency_key":"a"})");
    const ParsedJob two =
        accepted(world, R"( {"priority":5.0,"request":{"prompt":"\u0070"}, "kind":"video"})");
    CHECK(one.canonical == R"({"kind":"video","priority":5,"request":{"prompt":"p"}})");
    CHECK(one.canonical == two.canonical);
}

TEST_CASE("the canonical form is left out where it is not wanted and no key asks for it") {
    const AdmissionWorld world;
    AdmissionContext context = world.context();
    context.wants_canonical = false;

    CHECK(parse_line(with(R"("priority":5)"), context)->canonical.empty());
    CHECK_FALSE(parse_line(with(R"("idempotency_key":"k")"), context)->canonical.empty());
}

TEST_CASE("a job may name an address that is told of its end, where that can be signed") {
    AdmissionWorld world;
    world.webhooks = true;
    for (const std::string address :
         {"https://films.example.org/done?film=3", "http://127.0.0.1:8080/", "https://a"}) {
        CHECK(accepted(world, with("\"webhook\":\"" + address + "\"")).spec.webhook == address);
    }
    for (const std::string address :
         {"films.example.org", "ftp://films.example.org", "https://",
          "https://me@films.example.org", "https://films.example.org/#done", "https://a b"}) {
        CAPTURE(address);
        const auto refused = parse_line(with("\"webhook\":\"" + address + "\""), world.context());
        REQUIRE(refused.has_error());
        CHECK(refused.error().field == "webhook");
        CHECK(refused.error().code == "invalid");
    }
}
