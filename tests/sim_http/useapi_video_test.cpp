// Videos as useapi.net sells them.
#include <doctest/doctest.h>

#include "tests/sim_http/useapi_client.hpp"
#include "tests/simulator/digest.hpp"

using namespace genspool::tests;
using genspool::simulator::FateKind;
using genspool::simulator::sha256_hex;
using std::chrono::milliseconds;
namespace json = boost::json;

TEST_CASE("useapi: a video goes through its states to a file without a watermark") {
    UseapiClient client;
    const auto reply =
        client.buy("/videos/create",
                   {{"account", "301"}, {"prompt", "a kite [[slow:10]]"}, {"replyRef", "job#1"}});
    CHECK(reply.status == 200);
    const auto id = text_of(body_of(reply), "videoId");
    CHECK(id.starts_with("user:1-minimax:301-video:412"));
    const auto state = [&] { return client.view(id).at("status").as_int64(); };
    CHECK(state() == 11);
    client.pass(milliseconds(2'000));
    CHECK(state() == 12);
    client.pass(milliseconds(5'000));
    CHECK(state() == 1);
    CHECK(client.view(id).at("statusFinal") == false);
    CHECK(text_of(client.view(id), "videoURL").empty());
    client.pass(milliseconds(3'000));

    const auto done = client.view(id);
    CHECK(done.at("status") == 2);
    CHECK(done.at("statusLabel") == "completed");
    CHECK(done.at("statusFinal") == true);
    CHECK(done.at("userID") == 301);
    const auto file = client.download(text_of(done, "downloadURL"));
    const auto marked = client.download(text_of(done, "videoURL"));
    const auto truths = client.records.truths();
    REQUIRE(truths.size() == 1);
    CHECK(truths[0].account == "301");
    CHECK(truths[0].endpoint == "/v1/minimax/videos/create");
    CHECK(truths[0].task == id);
    CHECK(truths[0].ref == "job#1");
    CHECK(truths[0].outcome == "taken");
    REQUIRE(truths[0].artifacts.size() == 1);
    CHECK(truths[0].artifacts[0].sha256 == sha256_hex(file.body));
    CHECK(truths[0].artifacts[0].sha256 != sha256_hex(marked.body));
}

TEST_CASE("useapi: a video ends as failed, moderated, gone, or only with its watermark") {
    UseapiClient client(instant_options());
    const auto ended = [&](std::string_view prompt) { return client.view(client.video(prompt)); };
    CHECK(ended("a kite [[fail:3]]").at("statusLabel") == "failed");
    CHECK(ended("a kite [[fail:5]]").at("status") == 5);
    CHECK(ended("a kite [[fail:14]]").at("statusLabel") == "moderated");
    CHECK(client.records.truths().at(0).outcome == "failed:3");
    CHECK(client.records.truths().at(0).artifacts.empty());

    const auto gone = client.video("a kite [[slow:10]] [[fail:404]]");
    CHECK(client.look(gone).status == 200);
    client.pass(milliseconds(10'000));
    CHECK(client.look(gone).status == 404);
    CHECK(client.records.truths().at(3).outcome == "failed:404");

    const auto marked = ended("a kite [[watermarked]]");
    CHECK(text_of(marked, "downloadURL").empty());
    CHECK(sha256_hex(client.download(text_of(marked, "videoURL")).body) ==
          client.records.truths().at(4).artifacts.at(0).sha256);
}

TEST_CASE("useapi: a state that nobody has heard of is not final") {
    UseapiClient client;
    const auto id = client.video("a kite [[slow:10]] [[unknown-state]]");
    CHECK(client.view(id).at("statusLabel") == "reviewing");
    CHECK(client.view(id).at("statusFinal") == false);
    client.pass(milliseconds(10'000));
    CHECK(client.view(id).at("statusLabel") == "completed");
}

TEST_CASE("useapi: videos that cannot be made are refused with 400") {
    UseapiClient client(instant_options());
    const auto status = [&](std::string_view body) {
        return client.ask("POST", "/videos/create", body).status;
    };
    CHECK(status("[") == 400);
    CHECK(status("{}") == 400);
    CHECK(status(R"({"prompt":"x","model":"Hailuo-9"})") == 400);
    CHECK(status(R"({"prompt":"x","model":"02","options":"720p-4sec"})") == 400);
    CHECK(status(R"({"prompt":"x","options":"768p-6sec"})") == 400);
    CHECK(status(R"({"prompt":"x","duration":5})") == 400);
    CHECK(status(R"({"prompt":"x","model":"Seedance-2.0-Mini","resolution":"4K"})") == 400);
    CHECK(status(R"({"prompt":"x","maxJobs":11})") == 400);
    CHECK(status(R"({"prompt":"x","fileID":"user:1-minimax:301-file:5"})") == 400);
    CHECK(status(R"({"prompt":"x","fileID3":"user:1-minimax:301-file:5"})") == 400);
    CHECK(status("{\"prompt\":\"" + std::string(2'001, 'x') + "\"}") == 400);
    CHECK(client.records.truths().empty());
    CHECK(status(R"({"prompt":"x","model":"02","options":"768p-10sec"})") == 200);
    CHECK(status(R"({"prompt":"x","model":"Seedance-2.0","resolution":"4K","duration":15})") ==
          200);
    const auto refused = body_of(client.ask("POST", "/videos/create", "{}"));
    CHECK(refused.at("code") == 400);
    CHECK(refused.at("error") == "prompt is required");
}

TEST_CASE("useapi: whatever is sent is answered") {
    UseapiClient client(instant_options());
    const std::vector<std::string> bodies{
        "",
        "[]",
        "7",
        "{\"account\":7}",
        R"({"prompt":{}})",
        R"({"prompt":"x","quantity":9e99})",
        R"({"prompt":"x","model":"02","end_frame_fileID":"a","fileID":7})",
        R"({"prompt":"x","model":"02","end_frame_fileID":"a"})",
        R"({"prompt":"x [[fail:2]]"})",
        R"({"prompt":"x [[refuse:1026]]"})",
        R"({"templateId":"1","prompt":"x [[tracks:9]]"})",
        R"({"url":"/cursor","token":"..","maxJobs":1})",
        "--edge",
        "--edge\r\n name=\"a"};
    const std::vector<std::string> paths{"/videos/create",
                                         "/videos/agent-create",
                                         "/images/create",
                                         "/agent",
                                         "/speech/create",
                                         "/music/create",
                                         "/accounts",
                                         "/videos/cancel",
                                         "/files/",
                                         "/scheduler/x",
                                         "/videos/%",
                                         "/videos/user:1-",
                                         "/agent/p-u-a-bot:minimax",
                                         "/speech/?page=0&page_size=99999999999999999999"};
    for (const auto& path : paths) {
        for (const auto& body : bodies) {
            for (const char* method : {"GET", "POST", "DELETE"}) {
                for (const std::string_view type :
                     {std::string_view("application/json"), form_type})
                    CHECK(client.ask(method, path, body, type).status >= 200);
            }
        }
    }
}

TEST_CASE("useapi: a form says what JSON says") {
    UseapiClient client(instant_options());
    const auto reply = client.ask(
        "POST", "/videos/create",
        form_of({{"account", "301"}, {"prompt", "a kite"}, {"maxJobs", "2"}, {"replyRef", "r"}}),
        form_type);
    CHECK(reply.status == 200);
    CHECK(client.records.truths().at(0).ref == "r");
    CHECK(
        client
            .ask("POST", "/videos/create", form_of({{"prompt", "x"}, {"maxJobs", "11"}}), form_type)
            .status == 400);
}

TEST_CASE("useapi: videos are listed in a bare array, newest first, by their prompts") {
    UseapiClient client(instant_options());
    const auto first = client.video("one");
    const auto second = client.video("two [[rewrite]]");
    const auto third = client.video("three");
    client.video("gone [[fail:404]]");
    const auto ids = [&](const std::string& query) {
        std::vector<std::string> found;
        const auto listed = json_of(client.ask("GET", "/videos/?account=301" + query));
        for (const auto& each : listed.as_array())
            found.push_back(text_of(each.as_object(), "videoId"));
        return found;
    };
    CHECK(ids("") == std::vector{third, second, first});
    CHECK(ids("&limit=2") == std::vector{third, second});
    CHECK(ids("&limit=2&lastVideoId=" + second) == std::vector{first});
    const auto listed = json_of(client.ask("GET", "/videos/?account=301"));
    CHECK(listed.at(0).at("desc") == "three");
    CHECK(listed.at(1).at("desc") != "two [[rewrite]]");
    CHECK(listed.at(2).at("createTime") == client.now.time_since_epoch().count());
    CHECK(client.ask("DELETE", "/videos/" + second).status == 200);
    CHECK(client.ask("DELETE", "/videos/" + second).status == 200);
    CHECK(ids("") == std::vector{third, first});
    CHECK(client.look(second).status == 404);
    CHECK(json_of(client.ask("GET", "/videos/?account=302")).as_array().empty());
}

TEST_CASE("useapi: a video can be called off until it is worked on") {
    UseapiClient client;
    const auto cancel = [&](const std::string& id) {
        return client.buy("/videos/cancel", {{"videoId", id}}).status;
    };
    const auto id = client.video("a kite [[slow:10]]");
    CHECK(cancel(id) == 200);
    CHECK(client.view(id).at("status") == 3);
    CHECK(client.records.faults().at(0).fault == "canceled");
    CHECK(client.records.faults().at(0).task == id);
    const auto late = client.video("a kite [[slow:10]]");
    client.pass(milliseconds(5'000));
    CHECK(cancel(late) == 200);
    CHECK(client.view(late).at("status") == 1);
    CHECK(cancel("user:1-minimax:301-video:7") == 400);
}

TEST_CASE("useapi: a template's video is told of in events, and named when it is there") {
    UseapiClient client;
    const json::object body{
        {"account", "301"}, {"templateId", "501"}, {"prompt", "x [[slow:60]]"}, {"replyRef", "r"}};
    const auto reply = client.buy("/videos/agent-create", body);
    CHECK(header_of(reply, "Content-Type") == "text/event-stream");
    CHECK(reply.fate.kind == FateKind::trickle);
    CHECK(reply.fate.over == milliseconds(60'000));
    const auto id = client.records.truths().at(0).task;
    const auto named = reply.body.find(id);
    CHECK(named != reply.body.npos);
    CHECK(named > reply.body.find("\"percent\":75"));
    CHECK(json_of(client.ask("GET", "/scheduler/")).at(0).at("videoId") == json::value(id));
    client.pass(milliseconds(60'000));
    CHECK(client.view(id).at("status") == 2);

    client.post("/sim/faults", R"({"cut-paid-reply":1})");
    const auto cut = client.buy("/videos/agent-create", body);
    CHECK(cut.fate.kind == FateKind::cut);
    CHECK(cut.fate.at_byte < cut.body.size());
    CHECK(client.records.faults().back().ambiguous);
    CHECK(client.buy("/videos/agent-create", {{"prompt", "x"}}).status == 400);
}
