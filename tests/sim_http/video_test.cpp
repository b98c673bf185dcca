#include <doctest/doctest.h>

#include "tests/sim_http/model_client.hpp"
#include "tests/simulator/digest.hpp"

using namespace genspool::tests;
using genspool::simulator::FateKind;
using std::chrono::milliseconds;

TEST_CASE("a video goes through its states to a file that can be downloaded") {
    ModelClient client;
    const auto created = body_of(client.create("a kite [[slow:10]]"));
    CHECK(code_of(created) == 0);
    const auto task = text_of(created, "task_id");
    CHECK(text_of(client.query(task), "status") == "Preparing");
    client.pass(milliseconds(2'000));
    CHECK(text_of(client.query(task), "status") == "Queueing");
    client.pass(milliseconds(5'000));
    CHECK(text_of(client.query(task), "status") == "Processing");
    CHECK(text_of(client.query(task), "file_id").empty());
    client.pass(milliseconds(3'000));

    const auto done = client.query(task);
    CHECK(text_of(done, "status") == "Success");
    const auto file_id = text_of(done, "file_id");
    CHECK(std::stoll(file_id) > (1LL << 53));
    const auto media = client.download(client.link_of(file_id));
    CHECK(media.status == 200);
    CHECK(header_of(media, "Content-Type") == "video/mp4");

    const auto truths = client.records.truths();
    REQUIRE(truths.size() == 1);
    CHECK(truths[0].task == task);
    CHECK(truths[0].account == "key");
    CHECK(truths[0].outcome == "taken");
    REQUIRE(truths[0].artifacts.size() == 1);
    CHECK(truths[0].artifacts[0].sha256 == genspool::simulator::sha256_hex(media.body));
    CHECK(truths[0].artifacts[0].bytes == media.body.size());
}

TEST_CASE("files/retrieve has file_id as a number and retrieve_content has the bytes") {
    ModelClient client(instant_options());
    const auto task = text_of(body_of(client.create("a kite")), "task_id");
    const auto file_id = text_of(client.query(task), "file_id");
    const auto file = body_of(client.get("/v1/files/retrieve?file_id=" + file_id)).at("file");
    CHECK(std::to_string(file.at("file_id").as_int64()) == file_id);
    const auto content = client.get("/v1/files/retrieve_content?file_id=" + file_id);
    CHECK(content.body == client.download(client.link_of(file_id)).body);
}

TEST_CASE("another account sees neither the task nor the file") {
    ModelClient client(instant_options());
    const auto task = text_of(body_of(client.create("a kite")), "task_id");
    const auto file_id = text_of(client.query(task), "file_id");
    client.key = "other";
    CHECK(code_of(client.query(task)) == 2013);
    CHECK(code_of(client.get("/v1/files/retrieve?file_id=" + file_id)) == 2013);
}

TEST_CASE("a file is not there before its task has succeeded") {
    ModelClient client;
    client.create("a kite [[slow:10]]");
    const std::string first_file = "9007199254740993";
    CHECK(code_of(client.get("/v1/files/retrieve?file_id=" + first_file)) == 2013);
    client.pass(milliseconds(10'000));
    CHECK(code_of(client.get("/v1/files/retrieve?file_id=" + first_file)) == 0);
}

TEST_CASE("bad video requests are refused with 2013 and an empty task_id") {
    ModelClient client(instant_options());
    const auto refused = [&](std::string_view body) {
        const auto reply = body_of(client.post("/v1/video_generation", body));
        CHECK(text_of(reply, "task_id").empty());
        return code_of(reply) == 2013;
    };
    CHECK(refused("not json"));
    CHECK(refused("[]"));
    CHECK(refused(R"({"prompt":"a kite"})"));
    CHECK(refused(R"({"model":"no-such","prompt":"a kite"})"));
    CHECK(refused(R"({"model":"MiniMax-Hailuo-02"})"));
    CHECK(refused(R"({"model":"MiniMax-Hailuo-02","prompt":7})"));
    CHECK(refused(R"({"model":"MiniMax-Hailuo-02","prompt":"a kite","duration":7})"));
    CHECK(refused(R"({"model":"MiniMax-Hailuo-02","prompt":"a kite","resolution":"4K"})"));
    CHECK(refused(
        R"({"model":"MiniMax-Hailuo-02","prompt":"a kite","duration":10,"resolution":"1080P"})"));
    CHECK(refused(R"({"model":"MiniMax-Hailuo-2.3-Fast","prompt":"a kite"})"));
    CHECK(refused(R"({"model":"MiniMax-Hailuo-02","prompt":"a kite [[no-such-marker]]"})"));
    const auto pictured = client.post(
        "/v1/video_generation", R"({"model":"I2V-01","first_frame_image":"https://x/y.jpg"})");
    CHECK(code_of(pictured) == 0);
    CHECK(client.records.truths().size() == 1);
}

TEST_CASE("what the key says decides before anything else") {
    ModelClient client(instant_options());
    for (const auto& [key, code] : {std::pair("", 1004), std::pair("my-bad-key", 1004),
                                    std::pair("broke", 1008), std::pair("noplan", 2061)}) {
        client.key = key;
        CHECK(code_of(client.create("a kite")) == code);
    }
    CHECK(text_of(body_of(client.create("a kite")), "task_id").empty());
    client.key = "bad";
    CHECK(code_of(client.get("/v1/models")) == 1004);
    CHECK(client.records.truths().empty());
}

TEST_CASE("an unknown path answers the gateway's 404") {
    ModelClient client;
    for (const auto* target : {"/", "/v1/nothing", "/cdn/7.mp4", "/sim/nothing", "no path"}) {
        const auto reply = client.get(target);
        CHECK(reply.status == 404);
        CHECK(reply.body == "404 page not found");
    }
    CHECK(client.get("/v1/t2a_v2").status == 404);
}

TEST_CASE("GET /v1/models tells that a key is good") {
    ModelClient client;
    CHECK_FALSE(body_of(client.get("/v1/models")).at("data").as_array().empty());
}

TEST_CASE("markers in a prompt steer one video") {
    ModelClient client(instant_options());
    SUBCASE("refused at create") {
        CHECK(code_of(client.create("x [[refuse:1026]]")) == 1026);
        CHECK(client.records.truths().empty());
    }
    SUBCASE("failed by the upstream, and known as such") {
        const auto task = text_of(body_of(client.create("x [[fail:1027]]")), "task_id");
        const auto answer = client.query(task);
        CHECK(text_of(answer, "status") == "Fail");
        CHECK(code_of(answer) == 1027);
        CHECK(client.records.truths().at(0).outcome == "failed:1027");
    }
    SUBCASE("taken, then reset") {
        CHECK(client.create("x [[drop]]").fate.kind == FateKind::reset);
        CHECK(client.records.truths().size() == 1);
        CHECK(client.records.faults().at(0).ambiguous);
    }
    SUBCASE("taken, then a 502") {
        const auto reply = client.create("x [[502]]");
        CHECK(reply.status == 502);
        CHECK(reply.body.starts_with("<html>"));
        CHECK(client.records.truths().size() == 1);
    }
    SUBCASE("unknown states until it is final") {
        const auto task =
            text_of(body_of(client.create("x [[unknown-state]][[slow:5]]")), "task_id");
        CHECK(text_of(client.query(task), "status") == "Reviewing");
        client.pass(milliseconds(5'000));
        CHECK(text_of(client.query(task), "status") == "Success");
    }
    SUBCASE("a name for the truth log") {
        client.create("x [[ref:shot-017]]");
        CHECK(client.records.truths().at(0).ref == "shot-017");
    }
    SUBCASE("no download until it is allowed") {
        const auto task = text_of(body_of(client.create("x [[forbid-download]]")), "task_id");
        const auto link = client.link_of(text_of(client.query(task), "file_id"));
        CHECK(client.download(link).status == 403);
        CHECK(client.post("/sim/allow-downloads", "").status == 200);
        CHECK(client.download(link).status == 200);
    }
}

TEST_CASE("the list shows the tasks that it is asked for alone") {
    ModelClient client(instant_options());
    std::vector<std::string> tasks;
    for (int n = 0; n < 3; ++n) {
        const auto taken = client.post("/v2/video_generation",
                                       R"({"model":"MiniMax-H3","resolution":"768P","duration":5,)"
                                       R"("content":[{"type":"text","text":"a kite"}]})");
        tasks.push_back(text_of(body_of(taken), "task_id"));
    }
    const auto listed =
        body_of(client.get("/v2/query/video_generation?filter.task_ids=" + tasks[0] +
                           "&filter.task_ids=" + tasks[2] + "&filter.task_ids=7"));
    CHECK(listed.at("total") == 2);
    CHECK(text_of(listed.at("items").at(0).as_object(), "id") == tasks[2]);
    CHECK(text_of(listed.at("items").at(1).as_object(), "id") == tasks[0]);
    CHECK(body_of(client.get("/v2/query/video_generation")).at("total") == 3);
}

TEST_CASE("a prompt that is written anew ends as words inside its task") {
    ModelClient client(instant_options());
    const auto task =
        text_of(body_of(client.post("/v2/h3_context_ir", R"({"model":"MiniMax-H3","content":[)"
                                                         R"({"type":"text","text":"a kite"}]})")),
                "task_id");
    const auto found = body_of(client.get("/v2/query/video_generation/" + task)).at("task");
    CHECK(found.at("task_type") == "h3_context_ir");
    CHECK(found.at("modality") == "text");
    CHECK(found.at("content").at("prompt") == "In warm light: a kite");
    CHECK_FALSE(found.at("content").as_object().contains("url"));
    CHECK(client.records.truths().at(0).artifacts.empty());
    CHECK(client.post("/v2/h3_context_ir", R"({"model":"MiniMax-H3"})").status == 400);
}

TEST_CASE("a list may be late, but who asks for a task by its name is told of it at once") {
    ModelClient client(faulty_options("list-late"));
    const std::string task =
        text_of(body_of(client.post("/v2/video_generation",
                                    R"({"model":"MiniMax-H3","resolution":"768P","duration":5,)"
                                    R"("content":[{"type":"text","text":"a kite"}]})")),
                "task_id");
    const std::string list = "/v2/query/video_generation";
    CHECK(body_of(client.get(list)).at("total") == 0);
    CHECK(body_of(client.get(list + "?filter.task_ids=" + task)).at("total") == 1);
    client.pass(std::chrono::minutes(4));
    CHECK(body_of(client.get(list)).at("total") == 1);
}
