// What goes wrong on the way to useapi.net and back.
#include <doctest/doctest.h>

#include "tests/sim_http/useapi_client.hpp"
#include "tests/simulator/digest.hpp"

using namespace genspool::tests;
using genspool::simulator::Callbacks;
using genspool::simulator::FateKind;
using genspool::simulator::ModelReply;
using genspool::simulator::sha256_hex;
using std::chrono::milliseconds;
namespace json = boost::json;

namespace {

ModelReply create(UseapiClient& client, std::string_view prompt) {
    return client.buy("/videos/create",
                      {{"account", "301"}, {"prompt", prompt}, {"replyRef", "job#1"}});
}

std::string upload(UseapiClient& client, const std::string& query, std::string_view type) {
    const auto reply = client.ask("POST", "/files/" + query, "bytes", type);
    REQUIRE(reply.status == 200);
    return text_of(body_of(reply), "fileID");
}

/// "10000 processing, 30000 completed".
std::string course(const Callbacks& plan) {
    std::string text;
    for (const auto& update : plan.updates) {
        const auto body = json::parse(update.body);
        text += (text.empty() ? "" : ", ") + std::to_string(update.after.count()) + " " +
                std::string(body.at("statusLabel").as_string());
    }
    return text;
}

Callbacks planned(UseapiClient& client, std::string_view prompt) {
    return client
        .buy("/videos/create", {{"account", "301"},
                                {"prompt", prompt},
                                {"replyUrl", "http://x.test/hook"},
                                {"replyRef", "job#1"}})
        .callbacks;
}

}  // namespace

TEST_CASE("useapi: a job that was taken all the same shows in the scheduler") {
    for (const char* marker : {"[[504]]", "[[502]]", "[[drop]]", "[[no-id]]"}) {
        CAPTURE(marker);
        UseapiClient client;
        const auto reply = create(client, "a kite [[slow:60]]" + std::string(marker));
        CHECK((reply.fate.kind == FateKind::reset ||
               reply.body.find("videoId") == std::string::npos));
        CHECK(client.records.faults().at(0).ambiguous);
        REQUIRE(client.records.truths().size() == 1);
        const auto entries = json_of(client.ask("GET", "/scheduler/")).as_array();
        REQUIRE(entries.size() == 1);
        CHECK(entries[0].at("videoId") == json::value(client.records.truths()[0].task));
        CHECK(entries[0].at("replyRef") == "job#1");
        CHECK(entries[0].at("elapsed") == "00:00");
        client.pass(milliseconds(60'000));
        CHECK(json_of(client.ask("GET", "/scheduler/")).as_array().empty());
    }
}

TEST_CASE("useapi: each fault of a create takes what it says") {
    for (const auto& [fault, purchases] :
         {std::pair("504-taken", 1U), std::pair("504-untaken", 0U), std::pair("502-taken", 1U),
          std::pair("502-untaken", 0U), std::pair("reset-untaken", 0U), std::pair("no-id", 1U)}) {
        CAPTURE(fault);
        UseapiClient client(faulty_options(fault));
        create(client, "a kite");
        CHECK(client.records.truths().size() == purchases);
        CHECK(client.records.faults().at(0).fault == fault);
        CHECK(client.records.faults().at(0).ambiguous);
    }
}

TEST_CASE("useapi: refusals are of its own codes, and take nothing") {
    for (const int code : {412, 422, 429, 596}) {
        UseapiClient client(faulty_options("refuse-" + std::to_string(code)));
        const auto reply = create(client, "a kite");
        CHECK(reply.status == code);
        CHECK(body_of(reply).at("code") == code);
        CHECK(header_of(reply, "Retry-After").empty());
        CHECK(client.records.truths().empty());
        CHECK(code_of(client.create("a kite")) == 0);
    }
    UseapiClient client(faulty_options("refuse-1002"));
    CHECK(create(client, "a kite").status == 200);
    CHECK(create(client, "a kite [[refuse:422]]").status == 422);

    client.post("/sim/faults", R"({"refuse-429":1,"retry-after":1})");
    const auto later = create(client, "a kite");
    CHECK(header_of(later, "Retry-After") == "7");
    CHECK(body_of(later).contains("retryAfter"));
}

TEST_CASE("useapi: jobs end badly by chance, and the truth log knows") {
    const auto outcome = [](const char* fault, std::string_view path) {
        UseapiClient client(faulty_options(fault));
        client.buy(path, {{"prompt", "x"}, {"text", "x"}, {"voice_id", "7"}});
        CHECK(client.records.faults().at(0).fault == fault);
        return client.records.truths().at(0).outcome;
    };
    CHECK(outcome("fail-task", "/videos/create") == "failed:3");
    CHECK(outcome("fail-task", "/speech/create") == "failed:500");
    CHECK(outcome("moderated", "/music/create") == "failed:4");
    CHECK(outcome("gone", "/images/create") == "failed:404");
    CHECK(outcome("watermarked", "/videos/create") == "taken");
    CHECK(outcome("rewritten", "/videos/create") == "taken");

    UseapiClient client(faulty_options("agent-silent"));
    const auto form = form_of({{"prompt", "x"}, {"models", "hailuo-2.3"}, {"async", "true"}});
    client.ask("POST", "/agent", form, form_type);
    CHECK(client.records.truths().at(0).outcome == "failed:empty");
    client.post("/sim/faults", R"({"fail-task":1,"agent-error-text":1})");
    const auto failed = body_of(client.ask("POST", "/agent", form, form_type));
    CHECK(client.view(text_of(failed, "jobId")).at("error").is_string());
}

TEST_CASE("useapi: queries answer badly without harm to the job") {
    UseapiClient client(instant_options());
    const auto id = client.video("a kite");
    client.post("/sim/faults", R"({"query-1002":1})");
    CHECK(client.look(id).status == 429);
    CHECK(client.ask("GET", "/scheduler/").status == 429);
    client.post("/sim/faults", R"({"query-1002":0,"query-502":1})");
    CHECK(client.look(id).status == 502);
    client.post("/sim/faults", R"({"query-502":0,"unknown-state":1})");
    CHECK(client.view(id).at("statusFinal") == false);
    client.post("/sim/faults", R"({"unknown-state":0,"state-case":1})");
    const auto label = text_of(client.view(id), "statusLabel");
    CHECK((label == "completed" || label == "COMPLETED"));
    client.post("/sim/faults", R"({"state-case":0})");
    CHECK(client.view(id).at("status") == 2);
}

TEST_CASE("useapi: the first completed answer can lack its URLs") {
    UseapiClient client(faulty_options("success-without-file-id"));
    const auto id = client.video("a kite");
    CHECK_FALSE(client.view(id).contains("downloadURL"));
    CHECK(client.view(id).contains("downloadURL"));
}

TEST_CASE("a download can be refused once, and wants no key") {
    UseapiClient client(faulty_options("download-403"));
    const auto link = text_of(client.view(client.video("a kite")), "downloadURL");
    CHECK(client.download(link).status == 403);
    CHECK(client.download(link).status == 200);
    CHECK(client.records.violations().empty());
    CHECK(client.get(link.substr(link.find("/cdn/"))).status == 200);
    REQUIRE(client.records.violations().size() == 1);
    CHECK(client.records.violations()[0].violation == "credentials");
    CHECK(client.records.violations()[0].account == "301");
}

TEST_CASE("useapi: a file is of the account that it was uploaded for") {
    UseapiClient client(instant_options());
    const auto file = upload(client, "?account=301", "image/png");
    CHECK(file.starts_with("user:1-minimax:301-file:"));
    const auto buy = [&](std::string_view account, std::string_view field) {
        return client
            .buy("/videos/create",
                 {{"account", account}, {"model", "Seedance-2.0"}, {"prompt", "x"}, {field, file}})
            .status;
    };
    CHECK(buy("301", "fileID") == 200);
    CHECK(client.records.truths().at(0).files == std::vector{sha256_hex("bytes")});
    CHECK(buy("302", "fileID") == 400);
    CHECK(buy("301", "audioFileID1") == 400);
    CHECK(client.ask("POST", "/files/?account=301", "bytes", "image/webp").status == 400);
    CHECK(client.ask("POST", "/files/?account=301", "", "image/png").status == 400);
    CHECK(client.ask("POST", "/files/", "bytes", "image/png").status == 400);
    CHECK(json_of(client.ask("GET", "/files/?account=301")).as_array().empty());
    CHECK(client.ask("DELETE", "/files/" + file).status == 200);
    CHECK(client.ask("DELETE", "/files/" + file).status == 200);
    CHECK(buy("301", "fileID") == 400);
    CHECK(client.ask("DELETE", "/files/412").status == 400);
}

TEST_CASE("useapi: callbacks say what a query would, without a challenge") {
    UseapiClient client;
    const auto plan = planned(client, "a kite [[slow:30]]");
    CHECK(plan.url == "http://x.test/hook");
    CHECK(plan.challenge.empty());
    CHECK(course(plan) == "10000 processing, 30000 completed");
    const auto last = json::parse(plan.updates.back().body);
    CHECK(last.at("replyRef") == "job#1");
    CHECK(text_of(last.as_object(), "videoId") == client.records.truths().at(0).task);
    CHECK(course(planned(client, "a kite [[slow:30]] [[fail:5]]")) ==
          "10000 processing, 30000 moderated");
    CHECK(create(client, "a kite").callbacks.url.empty());

    const auto images = client.buy("/images/create", {{"account", "301"},
                                                      {"prompt", "x [[slow:30]]"},
                                                      {"quantity", 2},
                                                      {"replyUrl", "http://x.test/hook"}});
    CHECK(course(images.callbacks) ==
          "10000 processing, 10000 processing, 30000 completed, 30000 completed");
}

TEST_CASE("useapi: callbacks are lost, doubled, disordered and of strangers where wanted") {
    const auto under = [](const char* fault) {
        UseapiClient client(faulty_options(fault));
        return planned(client, "a kite [[slow:30]]");
    };
    CHECK(under("callback-lost").url.empty());
    CHECK(under("callback-early").early);
    CHECK(course(under("callback-twice")) ==
          "10000 processing, 10000 processing, 30000 completed, 30000 completed");
    CHECK(course(under("callback-disorder")) == "30000 completed, 30000 processing");
    const auto strange = under("callback-stranger");
    CHECK(course(strange) == "0 completed, 10000 processing, 30000 completed");
    CHECK(json::parse(strange.updates[0].body).at("videoId") !=
          json::parse(strange.updates[1].body).at("videoId"));
}
