#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>

#include "tests/daemon/running_daemon.hpp"

using namespace genspool::tests;

namespace {

const Headers as_lines = {{"Content-Type", "application/x-ndjson"}};

std::size_t jobs_listed(ApiClient& client) {
    return client.get("/v1/jobs").json().at("jobs").as_array().size();
}

}  // namespace

TEST_CASE("a submitted job is answered with 201 and is there after a restart") {
    RunningDaemon daemon;
    auto client = daemon.client();

    const ApiReply reply = client.post("/v1/jobs", video_text("shot-1"));

    REQUIRE(reply.status == 201);
    CHECK(reply.headers.at("location") == "/v1/jobs/" + reply.at("id"));
    CHECK(reply.at("state") == "queued");
    CHECK(reply.at("custom_id") == "shot-1");
    CHECK(reply.at("op") == "minimax.video_v1");
    client.close();
    daemon.restart();
    auto later = daemon.client();
    const ApiReply found = later.get("/v1/jobs/" + reply.at("id"));
    CHECK(found.status == 200);
    CHECK(found.at("created_at") == reply.at("created_at"));
    CHECK(found.at("request") == reply.at("request"));
}

TEST_CASE("a peer on the unix socket is known by its uid") {
    RunningDaemon daemon;
    auto client = daemon.client();

    const ApiReply reply = client.post("/v1/jobs", video_text());

    CHECK(reply.at("principal") == "uid:" + std::to_string(::geteuid()));
}

TEST_CASE("the same idempotency key and body give the first job again") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const Headers key = {{"Idempotency-Key", "k1"}};

    const ApiReply first = client.post("/v1/jobs", video_text("a"), key);
    const ApiReply second = client.post("/v1/jobs", video_text("a"), key);
    const ApiReply other = client.post("/v1/jobs", video_text("b"), key);

    CHECK(first.status == 201);
    CHECK(second.status == 200);
    CHECK(second.at("id") == first.at("id"));
    CHECK(other.status == 422);
    CHECK(other.at("code") == "idempotency_conflict");
    CHECK(jobs_listed(client) == 1);
}

TEST_CASE("a key in the job means the same as one in the header") {
    RunningDaemon daemon;
    auto client = daemon.client();
    std::string inside = video_text("a");
    inside.insert(1, R"("idempotency_key":"k1",)");

    const ApiReply first = client.post("/v1/jobs", video_text("a"), {{"Idempotency-Key", "k1"}});
    const ApiReply second = client.post("/v1/jobs", inside);

    CHECK(first.status == 201);
    CHECK(second.status == 200);
    CHECK(second.at("id") == first.at("id"));
}

TEST_CASE("lines become a batch, and the refused ones are told by number") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string lines = video_text("a") + "\n\n{\"kind\":\"nope\",\"custom_id\":\"n\"}\n" +
                              video_text("a") + "\n" + video_text("b");

    const ApiReply reply = client.post("/v1/jobs", lines, as_lines);

    REQUIRE(reply.status == 202);
    CHECK(reply.at("accepted") == "2");
    CHECK(reply.at("refused") == "2");
    const auto body = reply.json();
    const auto& errors = body.at("errors").as_array();
    CHECK(errors.at(0).at("line").as_int64() == 3);
    CHECK(errors.at(0).at("field").as_string() == "kind");
    CHECK(errors.at(0).at("custom_id").as_string() == "n");
    CHECK(errors.at(1).at("line").as_int64() == 4);
    CHECK(errors.at(1).at("field").as_string() == "custom_id");
    const ApiReply batch = client.get("/v1/batches/" + reply.at("batch"));
    CHECK(batch.status == 200);
    CHECK(batch.at("accepted") == "2");
    const std::string of_batch = client.get("/v1/batches/" + reply.at("batch") + "/errors").body;
    CHECK(std::count(of_batch.begin(), of_batch.end(), '\n') == 2);
}

TEST_CASE("an array is a batch too") {
    RunningDaemon daemon;
    auto client = daemon.client();

    const ApiReply reply =
        client.post("/v1/jobs", " [" + video_text("a") + ",\n" + video_text("b") + "]");

    CHECK(reply.status == 202);
    CHECK(reply.at("accepted") == "2");
    CHECK(jobs_listed(client) == 2);
}

TEST_CASE("one refused line refuses the whole of an atomic batch") {
    RunningDaemon daemon;
    auto client = daemon.client();

    const ApiReply reply =
        client.post("/v1/jobs?atomic=true", video_text("a") + "\n{}\n" + video_text("b"), as_lines);

    CHECK(reply.status == 422);
    CHECK(reply.at("code") == "batch_refused");
    CHECK(reply.json().at("errors").as_array().at(0).at("line").as_int64() == 2);
    CHECK(jobs_listed(client) == 0);
    CHECK(client.get("/v1/batches").json().at("batches").as_array().empty());
}

TEST_CASE("a dry run checks and prices and writes nothing") {
    RunningDaemon daemon;
    auto client = daemon.client();

    const ApiReply one = client.post("/v1/jobs?dry_run=true", video_text());
    const ApiReply many =
        client.post("/v1/jobs?dry_run=true", video_text() + "\n" + video_text() + "\n{}", as_lines);

    CHECK(one.status == 200);
    CHECK(one.json().at("cost").at("unit").as_string() == "USD");
    CHECK(many.status == 200);
    CHECK(many.at("accepted") == "2");
    CHECK(many.at("refused") == "1");
    CHECK(many.json().at("estimated").as_object().contains("USD"));
    CHECK(jobs_listed(client) == 0);
    CHECK(client.get("/v1/stats").json().at("last_event").as_int64() == 0);
}

TEST_CASE("a dry run says that a job would wait for a price that nobody knows") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string unpriced =
        R"({"kind":"video","request":{"model":"a-new-model","prompt":"a lighthouse"}})";
    std::string bounded = unpriced;
    bounded.insert(1, R"("max_cost":1,)");

    const ApiReply waits = client.post("/v1/jobs?dry_run=true", bounded);
    const ApiReply goes = client.post("/v1/jobs?dry_run=true", unpriced);
    const ApiReply many =
        client.post("/v1/jobs?dry_run=true", unpriced + "\n" + bounded + "\n", as_lines);

    CHECK(waits.json().at("gates").at(0).at("gate").as_string() == "price_unknown");
    CHECK(goes.json().at("gates").as_array().empty());
    CHECK(many.at("unpriced") == "2");
    CHECK(many.at("price_unknown") == "1");
}

TEST_CASE("a byte order mark in front of a body is passed over") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string mark = "\xEF\xBB\xBF";

    const ApiReply one = client.post("/v1/jobs", mark + video_text());
    CHECK(one.status == 201);
    CHECK(client.post("/v1/jobs", mark + "[" + video_text() + "]").at("accepted") == "1");
    const ApiReply lines = client.post("/v1/jobs", mark + video_text() + "\n", as_lines);
    CHECK(lines.at("accepted") == "1");
    CHECK(lines.at("refused") == "0");
    CHECK(client.post("/v1/jobs/" + one.at("id") + "/cancel", mark + "{}").status == 200);
    CHECK(client.post("/v1/jobs", mark).at("code") == "bad_json");
    CHECK(client.post("/v1/jobs", mark + mark + video_text()).at("code") == "bad_json");
}

TEST_CASE("an idempotency key covers the whole body of a batch") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const Headers headers = {as_lines.front(), {"Idempotency-Key", "b1"}};
    const std::string lines = video_text("a") + "\n" + video_text("b") + "\n";

    const ApiReply first = client.post("/v1/jobs", lines, headers);
    const ApiReply second = client.post("/v1/jobs", lines, headers);
    const ApiReply other = client.post("/v1/jobs", lines + video_text("c"), headers);

    CHECK(first.status == 202);
    CHECK(second.status == 200);
    CHECK(second.at("batch") == first.at("batch"));
    CHECK(second.at("accepted") == "2");
    CHECK(other.status == 422);
    CHECK(jobs_listed(client) == 2);
}

TEST_CASE("a connection that ends in the middle of a batch leaves nothing of it") {
    RunningDaemon daemon;
    {
        auto client = daemon.client();
        client.send_raw(
            "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/jsonl\r\n"
            "Content-Length: 100000\r\n\r\n" +
            video_text("a") + "\n" + video_text("b") + "\n");
    }
    daemon.restart();  // whatever was still on its way has ended
    auto client = daemon.client();

    CHECK(jobs_listed(client) == 0);
    CHECK(client.get("/v1/stats").at("jobs") == "0");
    CHECK(client.post("/v1/jobs", video_text("a")).status == 201);
}

TEST_CASE("requests that are sent without waiting are answered in their order") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string body = video_text();
    const std::string post =
        "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;

    client.send_raw(post + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + post);

    CHECK(client.read_reply().status == 201);
    CHECK(client.read_reply().at("status") == "ok");
    CHECK(client.read_reply().status == 201);
}

TEST_CASE("a body in chunks is as good as one of known length") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string body = video_text("chunked");
    const std::string half = body.substr(0, 16);
    const std::string rest = body.substr(16, 16);

    client.send_raw("POST /v1/jobs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send_raw("10\r\n" + half + "\r\n10\r\n" + rest + "\r\n");
    const std::string last = body.substr(32);
    std::string size;
    for (std::size_t left = last.size(); left != 0; left /= 16)
        size.insert(size.begin(), "0123456789abcdef"[left % 16]);
    client.send_raw(size + "\r\n" + last + "\r\n0\r\n\r\n");

    const ApiReply reply = client.read_reply();
    CHECK(reply.status == 201);
    CHECK(reply.at("custom_id") == "chunked");
}

TEST_CASE("a client that asks first is told to go on") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string body = video_text();

    client.send_raw(
        "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n");
    CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send_raw(body);

    CHECK(client.read_reply().status == 201);
}
