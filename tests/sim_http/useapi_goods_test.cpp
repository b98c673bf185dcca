// Images, agents, speech and music as useapi.net sells them.
#include <doctest/doctest.h>

#include "tests/sim_http/useapi_client.hpp"
#include "tests/simulator/digest.hpp"

using namespace genspool::tests;
using genspool::simulator::sha256_hex;
using std::chrono::milliseconds;
namespace json = boost::json;

namespace {

json::array images(UseapiClient& client, json::object fields) {
    fields.emplace("account", "301");
    return body_of(client.buy("/images/create", fields)).at("imageIds").as_array();
}

/// An agent's id, whose prompt is this.
std::string agent(UseapiClient& client, std::string_view prompt, std::string_view models) {
    const auto reply = client.ask("POST", "/agent",
                                  form_of({{"account", "301"},
                                           {"prompt", prompt},
                                           {"models", models},
                                           {"async", "true"},
                                           {"replyRef", "r"}}),
                                  form_type);
    REQUIRE(reply.status == 201);
    return text_of(body_of(reply), "jobId");
}

}  // namespace

TEST_CASE("useapi: one purchase of images has an id for each") {
    UseapiClient client(instant_options());
    const auto ids = images(client, {{"prompt", "a kite"}, {"quantity", 3}});
    REQUIRE(ids.size() == 3);
    const auto truth = client.records.truths().at(0);
    CHECK(json::value(truth.task) == ids[0]);
    CHECK(truth.others.size() == 2);
    REQUIRE(truth.artifacts.size() == 3);
    const auto first = client.view(ids[0].as_string());
    CHECK(first.at("batchID") == client.view(ids[2].as_string()).at("batchID"));
    const auto file = client.download(text_of(first, "downloadURL"));
    CHECK(header_of(file, "Content-Type") == "image/png");
    CHECK(sha256_hex(file.body) == truth.artifacts[0].sha256);
    CHECK(images(client, {{"prompt", "a kite"}}).size() == 1);
    CHECK(images(client, {{"prompt", "a kite"}, {"model", "midjourney-v7"}}).size() == 4);
    CHECK(client.buy("/images/create", {{"prompt", "x"}, {"quantity", 5}}).status == 400);
    CHECK(client.buy("/images/create", {{"prompt", "x"}, {"quality", "low"}}).status == 400);
}

TEST_CASE("useapi: some of the images of a purchase can fail") {
    UseapiClient client(instant_options());
    const auto ids = images(client, {{"prompt", "a kite [[partial:1]]"}, {"quantity", 2}});
    CHECK(client.view(ids[0].as_string()).at("statusLabel") == "failed");
    CHECK(client.view(ids[1].as_string()).at("statusLabel") == "completed");
    CHECK(client.records.truths().at(0).outcome == "taken");
    CHECK(client.records.truths().at(0).artifacts.size() == 1);
    images(client, {{"prompt", "a kite [[partial:1]]"}});
    CHECK(client.records.truths().at(1).outcome == "failed:3");
}

TEST_CASE("useapi: images are listed in an object, and readable when they are deleted") {
    UseapiClient client(instant_options());
    const auto ids = images(client, {{"prompt", "a kite"}, {"quantity", 2}});
    const auto listed = [&](const std::string& query) {
        return body_of(client.ask("GET", "/images/?account=301" + query)).at("images").as_array();
    };
    REQUIRE(listed("").size() == 2);
    CHECK(listed("").at(0).at("imageId") == ids[1]);
    CHECK(listed("&lastImageId=" + std::string(ids[1].as_string())).size() == 1);
    CHECK(client.ask("DELETE", "/images/" + std::string(ids[0].as_string())).status == 200);
    CHECK(listed("").size() == 1);
    CHECK(client.look(ids[0].as_string()).status == 200);
}

TEST_CASE("useapi: a picture that was made can be named by what comes after it") {
    UseapiClient client(instant_options());
    const auto id = images(client, {{"prompt", "a kite"}}).at(0);
    const auto file = text_of(client.view(id.as_string()), "fileID");
    const auto animate = [&](std::string_view account) {
        return client
            .buy("/videos/create", {{"account", account}, {"prompt", "x"}, {"fileID", file}})
            .status;
    };
    CHECK(animate("301") == 200);
    CHECK(animate("302") == 400);
    CHECK(client.records.truths().at(1).files ==
          std::vector{client.records.truths().at(0).artifacts.at(0).sha256});
    CHECK(client.buy("/videos/create", {{"fileID", file}}).status == 200);
    CHECK(client.records.truths().back().account == "301");
}

TEST_CASE("useapi: an agent comes back with nothing, one thing or three") {
    UseapiClient client(instant_options());
    const auto attachments = [&](std::string_view prompt) {
        const auto view = client.view(agent(client, prompt, "hailuo-2.3,nano-banana-2"));
        CHECK(view.at("status") == "completed");
        CHECK(view.at("request").at("replyRef") == "r");
        const auto& response = view.at("response").as_object();
        return response.contains("attachments") ? response.at("attachments").as_array()
                                                : json::array();
    };
    CHECK(attachments("a kite [[attachments:0]]").empty());
    CHECK(client.records.truths().at(0).outcome == "failed:empty");
    const auto one = attachments("a kite");
    REQUIRE(one.size() == 1);
    const std::string link(one[0].at("file").at("extra").at("no_watermark_url").as_string());
    CHECK(sha256_hex(client.download(link).body) ==
          client.records.truths().at(1).artifacts.at(0).sha256);
    const auto three = attachments("a kite [[attachments:3]]");
    REQUIRE(three.size() == 3);
    CHECK(three[0].at("type") == 1);
    CHECK(three[1].at("type") == 2);
    // Only what moves has a watermark.
    const auto marked_link = [&](std::size_t n) {
        return std::string(three[n].at("file").at("fileUrl").as_string());
    };
    CHECK(sha256_hex(client.download(marked_link(1)).body) ==
          client.records.truths().at(2).artifacts.at(1).sha256);
    CHECK(sha256_hex(client.download(marked_link(2)).body) !=
          client.records.truths().at(2).artifacts.at(2).sha256);
    CHECK(client.records.truths().at(2).artifacts.size() == 3);
    const auto marked = attachments("a kite [[watermarked]]");
    CHECK_FALSE(marked[0].at("file").at("extra").as_object().contains("no_watermark_url"));
}

TEST_CASE("useapi: an agent fails with an object or a text") {
    UseapiClient client(instant_options());
    const auto error = [&](std::string_view prompt) {
        const auto view = client.view(agent(client, prompt, "hailuo-2.3"));
        CHECK(view.at("status") == "failed");
        return view.at("error");
    };
    CHECK(error("x [[fail:504]]").at("status") == 504);
    CHECK(error("x [[fail:422]] [[error-text]]").is_string());
    CHECK(client.records.truths().at(1).outcome == "failed:422");
}

TEST_CASE("useapi: agents under way are listed by account, and forgotten after 31 days") {
    UseapiClient client;
    const auto id = agent(client, "x [[slow:60]]", "hailuo-2.3");
    const auto jobs = body_of(client.ask("GET", "/agent/jobs"));
    CHECK(jobs.at("summary").at("301").at("executing") == 1);
    CHECK(jobs.at("executing").at("301").at(0).at("jobId") == json::value(id));
    CHECK(client.view(id).at("status") == "started");
    CHECK(json_of(client.ask("GET", "/scheduler/")).as_array().empty());
    client.pass(milliseconds(60'000));
    CHECK(body_of(client.ask("GET", "/agent/jobs")).at("executing").as_object().empty());
    client.pass(std::chrono::hours(24 * 31));
    CHECK(client.look(id).status == 404);
    CHECK(client.look("p7-u2-a301-bot:minimax").status == 400);
}

TEST_CASE("useapi: an agent that is waited for answers with its work; its call is a form") {
    UseapiClient client;
    const auto waited = client.ask(
        "POST", "/agent",
        form_of({{"prompt", "x [[slow:60]]"}, {"models", "hailuo-2.3"}, {"file@", "a picture"}}),
        form_type);
    CHECK(waited.delay == milliseconds(60'000));
    CHECK(body_of(waited).at("status") == "completed");
    CHECK(client.records.truths().at(0).files == std::vector{sha256_hex("a picture")});
    CHECK(client.buy("/agent", {{"prompt", "x"}, {"models", "hailuo-2.3"}}).status == 400);
    CHECK(client.ask("POST", "/agent", form_of({{"prompt", "x"}}), form_type).status == 400);
}

TEST_CASE("useapi: speech is final with a status of 0") {
    UseapiClient client;
    const auto reply = client.buy(
        "/speech/create", {{"account", "301"}, {"voice_id", "7"}, {"text", "Ahoy [[slow:10]]"}});
    CHECK(reply.status == 201);
    const auto id = text_of(body_of(reply), "audioId");
    CHECK(client.view(id).at("statusLabel") == "pending");
    CHECK(client.ask("DELETE", "/speech/" + id).status == 400);
    CHECK(json_of(client.ask("GET", "/scheduler")).at(0).at("audioId") == json::value(id));
    client.pass(milliseconds(10'000));
    const auto done = client.view(id);
    CHECK(done.at("status") == 0);
    CHECK(done.at("statusFinal") == true);
    CHECK(sha256_hex(client.download(text_of(done, "audio_url")).body) ==
          client.records.truths().at(0).artifacts.at(0).sha256);
    const auto list = body_of(client.ask("GET", "/speech/?account=301&page=1&page_size=1"));
    CHECK(list.at("audio_list").at(0).at("audio_id") == json::value(id));
    CHECK(list.at("has_more") == false);
    CHECK(client.ask("DELETE", "/speech/" + id).status == 200);
    CHECK(client.look(id).status == 404);
    CHECK(client.buy("/speech/create", {{"text", "x"}}).status == 400);
    CHECK(client.buy("/speech/create", {{"text", "x"}, {"voice_id", "7"}, {"speed", 3}}).status ==
          400);
}

TEST_CASE("useapi: speech is called off through the scheduler, and forgotten after a week") {
    UseapiClient client;
    const auto speak = [&] {
        return text_of(body_of(client.buy(
                           "/speech/create",
                           {{"account", "301"}, {"voice_id", "7"}, {"text", "Ahoy [[slow:10]]"}})),
                       "audioId");
    };
    const auto id = speak();
    CHECK(client.ask("DELETE", "/scheduler/" + id).status == 204);
    CHECK(client.ask("DELETE", "/scheduler/" + id).status == 404);
    CHECK(client.view(id).at("statusLabel") == "failed");
    CHECK(client.view(id).contains("error"));
    client.pass(std::chrono::hours(24 * 7 + 1));
    CHECK(client.look(id).status == 404);
    CHECK(client.look(speak()).status == 200);
}

TEST_CASE("useapi: music comes as an object or in an array") {
    UseapiClient client(instant_options());
    const auto sing = [&](std::string_view prompt) {
        const auto reply =
            client.buy("/music/create", {{"account", "301"}, {"prompt", prompt}, {"title", "t"}});
        CHECK(reply.status == 201);
        return json_of(reply);
    };
    const auto song = client.view(sing("a waltz").at("musicId").as_string());
    CHECK(song.at("statusLabel") == "completed");
    CHECK(song.at("title") == "t");
    CHECK(sha256_hex(client.download(text_of(song, "audio_url")).body) ==
          client.records.truths().at(0).artifacts.at(0).sha256);
    const auto two = sing("a waltz [[tracks:2]]");
    REQUIRE(two.as_array().size() == 2);
    CHECK(client.records.truths().at(1).others.size() == 1);
    CHECK(client.view(sing("a waltz [[fail:4]]").at("musicId").as_string()).at("statusLabel") ==
          "moderated");
    client.post("/sim/faults", R"({"music-array":1})");
    CHECK(sing("a waltz").as_array().size() == 1);
    CHECK(client.buy("/music/create", {{"lyrics", "la"}}).status == 400);
}

TEST_CASE("useapi: there are voices, characters and templates to choose from") {
    UseapiClient client(instant_options());
    const auto voices = body_of(client.ask("GET", "/speech/voices/?page=2&page_size=50"));
    CHECK(voices.at("voice_list").as_array().size() == 50);
    CHECK(voices.at("total") == 120);
    CHECK(voices.at("has_more") == true);
    const auto characters = body_of(client.ask("GET", "/videos/characters/?account=301"));
    const auto file = characters.at("characters").at(0).at("fileID");
    CHECK(client
              .buy("/videos/create",
                   {{"account", "301"}, {"prompt", "x"}, {"model", "S2V-01"}, {"fileID", file}})
              .status == 200);
    const auto templates =
        body_of(client.ask("GET", "/videos/agent-templates/?account=301&lastId=501&limit=1"));
    REQUIRE(templates.at("videoList").as_array().size() == 1);
    CHECK(templates.at("videoList").at(0).at("id") == "502");
    CHECK(body_of(client.ask("GET", "/videos/agent-templates/?account=301&templateId=503"))
              .contains("inputs"));
    CHECK(client.ask("GET", "/videos/agent-templates/?account=301&templateId=9").status == 404);
}
