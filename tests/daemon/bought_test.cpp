#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <memory>
#include <thread>

#include "tests/daemon/running_daemon.hpp"
#include "tests/simulator/local_upstream.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

RunningDaemon::Adjust buying_at(const std::string& url) {
    return [url](daemon::Config& config) {
        daemon::AccountConfig account;
        account.name = "main";
        account.provider = "minimax";
        account.base_url = url;
        account.api_key = daemon::Secret("sk-test-key");
        account.slots = {{"video", 2}, {"tts", 2}};
        account.poll_min = std::chrono::milliseconds{20};
        account.poll_max = std::chrono::milliseconds{50};
        config.accounts.push_back(account);
        config.fetch.private_hosts = true;
    };
}

simulator::ModelOptions quick() {
    simulator::ModelOptions options;
    options.latency = std::chrono::milliseconds{50};
    return options;
}

}  // namespace

TEST_CASE("a job is bought, brought home and served") {
    simulator::LocalUpstream upstream(quick());
    RunningDaemon daemon(buying_at(upstream.url()));
    auto client = daemon.client();
    const std::string id = client.post("/v1/jobs", video_text("shot")).at("id");

    const ApiReply job = client.get("/v1/jobs/" + id, {{"Prefer", "wait=120"}});

    REQUIRE(job.at("state") == "succeeded");
    const auto shown = job.json().at("artifacts").at(0);
    const std::string sha256(shown.at("sha256").as_string());
    const ApiReply whole = client.get("/v1/jobs/" + id + "/artifacts/0");
    CHECK(whole.status == 200);
    CHECK(whole.headers.at("content-type") == "video/mp4");
    CHECK(whole.headers.at("etag") == "\"" + sha256 + "\"");
    CHECK(workers::sha256_hex(whole.body) == sha256);
    // Whatever an upstream sends as an artifact, it does not run as a page of this origin.
    CHECK(whole.headers.at("x-content-type-options") == "nosniff");
    const std::string policy = whole.headers.at("content-security-policy");
    CHECK(policy.starts_with("default-src 'none';"));
    CHECK(policy.ends_with("; sandbox"));

    const ApiReply part = client.get("/v1/jobs/" + id + "/artifacts/0", {{"Range", "bytes=4-7"}});
    CHECK(part.status == 206);
    CHECK(part.body == "ftyp");
    CHECK(part.headers.at("content-range") == "bytes 4-7/" + std::to_string(whole.body.size()));
    const Headers stale = {{"Range", "bytes=4-7"}, {"If-Range", "\"other\""}};
    CHECK(client.get("/v1/jobs/" + id + "/artifacts/0", stale).status == 200);
    const Headers beyond = {{"Range", "bytes=999999999-"}};
    CHECK(client.get("/v1/jobs/" + id + "/artifacts/0", beyond).status == 416);
    const Headers known = {{"If-None-Match", "\"" + sha256 + "\""}};
    const ApiReply unchanged = client.get("/v1/jobs/" + id + "/artifacts/0", known);
    CHECK(unchanged.status == 304);
    CHECK(unchanged.body.empty());
    CHECK(client.get("/v1/jobs/" + id + "/artifacts/1").status == 404);

    const ApiReply ledger = client.get("/v1/ledger");
    CHECK(ledger.json().at("rows").at(0).at("status").as_string() == "spent");
    CHECK(ledger.json().at("rows").at(0).at("job_id").as_string() == id);
}

TEST_CASE("a stop buys nothing more, however long a client goes on sending") {
    simulator::LocalUpstream upstream(quick());
    auto daemon = std::make_unique<RunningDaemon>(buying_at(upstream.url()));
    auto idle = daemon->client();
    auto client = daemon->client();
    const std::string line = video_text("late") + "\n";
    client.send_raw(
        "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/jsonl\r\n"
        "Expect: 100-continue\r\nContent-Length: " +
        std::to_string(line.size()) + "\r\n\r\n");
    client.read_until("100 Continue\r\n\r\n");

    std::thread stopping([&daemon] { daemon.reset(); });
    CHECK(idle.read_some().empty());  // the stop has begun
    client.send_raw(line);
    const ApiReply reply = client.read_reply();
    stopping.join();

    CHECK(reply.status == 202);
    CHECK(upstream.records().truths().empty());
}

TEST_CASE("a batch's results are lines of jobs that have ended") {
    simulator::LocalUpstream upstream(quick());
    RunningDaemon daemon(buying_at(upstream.url()));
    auto client = daemon.client();
    const std::string speech =
        R"({"kind":"tts","custom_id":"line-1","request":{"model":"speech-2.6-hd","text":"hello",)"
        R"("voice_setting":{"voice_id":"English_expressive_narrator"}}})";
    const std::string batch = client.post("/v1/jobs", "[" + speech + "]").at("batch");
    const std::string id(
        client.get("/v1/jobs?batch=" + batch).json().at("jobs").at(0).at("id").as_string());

    const ApiReply job = client.get("/v1/jobs/" + id, {{"Prefer", "wait=120"}});
    const ApiReply results = client.get("/v1/batches/" + batch + "/results");

    REQUIRE(job.at("state") == "succeeded");
    CHECK(results.headers.at("content-type") == "application/jsonl");
    const auto line = boost::json::parse(results.body);
    CHECK(line.at("custom_id").as_string() == "line-1");
    CHECK(line.at("response").at("status_code").as_int64() == 200);
    CHECK(line.at("response").at("body").at("id").as_string() == id);
    CHECK(client.get("/v1/batches/" + batch + "/errors").body.empty());
    CHECK_FALSE(client.get("/v1/batches/" + batch).at("ended_at").empty());
}
