// Batches of chat requests.
#include <doctest/doctest.h>

#include <map>
#include <vector>

#include "tests/sim_http/model_client.hpp"
#include "tests/simulator/digest.hpp"

using namespace genspool::tests;
using genspool::simulator::ModelReply;
using genspool::simulator::sha256_hex;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

std::string line(std::string_view custom_id, std::string_view content) {
    return R"({"custom_id":")" + std::string(custom_id) +
           R"(","method":"POST","url":"/v1/text/chatcompletion_v2","body":{"model":"MiniMax-M3",)"
           R"("messages":[{"role":"user","content":")" +
           std::string(content) + R"("}]}})" + "\n";
}

std::string upload(ModelClient& client, const std::string& lines) {
    const std::string part = "--edge\r\nContent-Disposition: form-data; name=";
    const auto body =
        body_of(client.post("/v1/files/upload", part + "\"purpose\"\r\n\r\nbatch\r\n" + part +
                                                    "\"file\"; filename=\"a.jsonl\"\r\n\r\n" +
                                                    lines + "\r\n--edge--\r\n"));
    return std::to_string(body.at("file").at("file_id").as_int64());
}

ModelReply create(ModelClient& client, const std::string& file, std::string_view note = "") {
    json::object body{{"input_file_id", file}, {"completion_window", "24h"}};
    body["endpoint"] = "/v1/text/chatcompletion_v2";
    body["metadata"] = json::object{{"note", note}};
    return client.post("/v1/batches", json::serialize(body));
}

std::string id_of(const ModelReply& reply) {
    return text_of(body_of(reply), "id");
}

json::object query(ModelClient& client, const std::string& id) {
    return body_of(client.get("/v1/batches/" + id));
}

/// The lines of a file that a batch names, by their custom_ids.
std::map<std::string, json::object> lines_of(ModelClient& client, const json::object& batch,
                                             std::string_view which) {
    std::map<std::string, json::object> lines;
    const auto media = client.download(client.link_of(text_of(batch, which)));
    std::string_view rest = media.body;
    while (!rest.empty()) {
        const auto one = json::parse(std::string(rest.substr(0, rest.find('\n')))).as_object();
        lines[text_of(one, "custom_id")] = one;
        rest.remove_prefix(rest.find('\n') + 1);
    }
    return lines;
}

genspool::simulator::ModelOptions slow_options() {
    auto options = instant_options();
    options.latency = 10s;
    return options;
}

}  // namespace

TEST_CASE("a batch answers each line, and names those that fail in a file of their own") {
    ModelClient client(slow_options());
    const std::string lines = line("a", "a kite") + line("b", "[[fail:1027]]") + line("c", "surf");
    const auto id = id_of(create(client, upload(client, lines), "[[ref:reel]]"));
    CHECK(text_of(query(client, id), "status") == "validating");
    CHECK(query(client, id).at("output_file_id").is_null());
    client.pass(60s);
    const auto batch = query(client, id);
    CHECK(text_of(batch, "status") == "completed");
    CHECK(batch.at("request_counts") == json::parse(R"({"total":3,"completed":2,"failed":1})"));
    const auto answers = lines_of(client, batch, "output_file_id");
    REQUIRE(answers.size() == 2);
    CHECK(
        answers.at("a").at("response").at("body").at("choices").at(0).at("message").at("content") ==
        "You said: a kite");
    CHECK(lines_of(client, batch, "error_file_id").at("b").at("error").at("code") == "1027");
    const auto truth = client.records.truths().at(0);
    CHECK(truth.endpoint == "/v1/batches");
    CHECK(truth.task == id);
    CHECK(truth.ref == "reel");
    CHECK(truth.files == std::vector{sha256_hex(lines)});
    CHECK(truth.artifacts.size() == 2);
}

TEST_CASE("a batch expires with some of its lines, or fails whole") {
    ModelClient client(instant_options());
    const std::string file = upload(client, line("a", "a kite") + line("b", "surf"));
    const auto expired = query(client, id_of(create(client, file, "[[partial:1]]")));
    CHECK(text_of(expired, "status") == "expired");
    CHECK(lines_of(client, expired, "output_file_id").contains("a"));
    CHECK(lines_of(client, expired, "error_file_id").at("b").at("error").at("code") ==
          "batch_expired");
    const auto failed = query(client, id_of(create(client, file, "[[fail:1026]]")));
    CHECK(text_of(failed, "status") == "failed");
    CHECK(failed.at("errors").at("data").at(0).at("code") == "1026");
    CHECK(client.records.truths().at(1).outcome == "failed:1026");
    query(client, id_of(create(client, file, "[[partial:2]]")));
    CHECK(client.records.truths().at(0).outcome == "taken");
    CHECK(client.records.truths().at(2).outcome == "failed:expired");
}

TEST_CASE("a batch is called off while it is not finished, and is another account's secret") {
    ModelClient client(slow_options());
    const std::string file = upload(client, line("a", "a kite"));
    const auto id = id_of(create(client, file));
    const std::string cancel = "/v1/batches/" + id + "/cancel";
    client.key = "another";
    CHECK(client.get("/v1/batches/" + id).status == 404);
    CHECK(client.post(cancel, "").status == 404);
    CHECK(code_of(create(client, file)) == 2013);
    client.key = "key";
    CHECK(text_of(body_of(client.post(cancel, "")), "status") == "cancelling");
    CHECK(text_of(query(client, id), "status") == "cancelled");
    CHECK(query(client, id).at("output_file_id").is_null());
    // What has ended is only shown.
    CHECK(text_of(body_of(client.post(cancel, "")), "status") == "cancelled");
}

TEST_CASE("batches are listed by pages, the newest first") {
    ModelClient client(instant_options());
    const std::string file = upload(client, line("a", "a kite"));
    std::vector<std::string> ids;
    for (int n = 0; n < 3; ++n)
        ids.push_back(id_of(create(client, file)));
    const auto listed = [&](const std::string& query) {
        std::vector<std::string> found;
        const auto body = body_of(client.get("/v1/batches" + query));
        for (const auto& batch : body.at("data").as_array()) {
            CHECK(text_of(batch.as_object(), "input_file_id") == file);
            found.push_back(text_of(batch.as_object(), "id"));
        }
        return found;
    };
    CHECK(listed("") == std::vector{ids[2], ids[1], ids[0]});
    CHECK(listed("?limit=2") == std::vector{ids[2], ids[1]});
    CHECK(listed("?limit=2&after=" + ids[1]) == std::vector{ids[0]});
    CHECK(code_of(client.get("/v1/batches?limit=101")) == 2013);
}
