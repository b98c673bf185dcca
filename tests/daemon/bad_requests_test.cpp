#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/daemon/running_daemon.hpp"

using namespace genspool::tests;

namespace {

struct BadRequest {
    std::string method;
    std::string target;
    std::string body;
    int status;
    std::string code;
    std::string hint;  ///< stands in the field or in the detail
    std::string content_type = "application/json";
};

const std::string known = "KNOWN";  ///< replaced by the id of a queued job

const std::vector<BadRequest>& bad_jobs() {
    static const std::vector<BadRequest> table = {
        {"POST", "/v1/jobs", "", 400, "bad_json", ""},
        {"POST", "/v1/jobs", "{", 400, "bad_json", ""},
        {"POST", "/v1/jobs", "nonsense", 400, "bad_json", ""},
        {"POST", "/v1/jobs", "{\"kind\":\"video\",}", 400, "bad_json", ""},
        {"POST", "/v1/jobs", "{} {}", 400, "bad_json", ""},
        {"POST", "/v1/jobs", R"({"kind":"video","request":)" + std::string(100'000, '['), 400,
         "bad_json", ""},
        {"POST", "/v1/jobs", "7", 422, "invalid", "object"},
        {"POST", "/v1/jobs", "\"video\"", 422, "invalid", "object"},
        {"POST", "/v1/jobs", "{}", 422, "missing", "kind"},
        {"POST", "/v1/jobs", R"({"kind":"video"})", 422, "missing", "request"},
        {"POST", "/v1/jobs", R"({"request":{}})", 422, "missing", "kind"},
        {"POST", "/v1/jobs", R"({"kind":"vidoe","request":{}})", 422, "invalid", "video"},
        {"POST", "/v1/jobs", R"({"kind":7,"request":{}})", 422, "invalid", "kind"},
        {"POST", "/v1/jobs", R"({"kind":"video","request":[]})", 422, "invalid", "request"},
        {"POST", "/v1/jobs", R"({"kind":"video","request":{},"colour":1})", 422, "unknown_field",
         "colour"},
        {"POST", "/v1/jobs", R"({"kind":"video","request":{},"webhook":"http://x"})", 422,
         "not_available", "webhook"},
        {"POST", "/v1/jobs",
         R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"p"},"after":["a"]})",
         422, "invalid", "'a' is no job's id"},
        {"POST", "/v1/jobs", R"({"kind":"video","request":{}})", 422, "missing", "request.model"},
        {"POST", "/v1/jobs",
         R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":7}})", 422, "",
         "request.prompt"},
        {"POST", "/v1/jobs",
         R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"x","duration":7}})",
         422, "", "request.duration"},
        {"POST", "/v1/jobs",
         R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"x",)"
         R"("callback_url":"http://x"}})",
         422, "", "callback_url"},
        {"POST", "/v1/jobs", R"({"kind":"tts","request":{"model":"speech-2.6-hd","text":""}})", 422,
         "", "request.text"},
        {"POST", "/v1/jobs", R"({"kind":"agent","request":{}})", 422, "not_available", "agent"},
    };
    return table;
}

/// A good job with one more member.
std::string with(const std::string& member) {
    std::string job = video_text();
    job.insert(1, member + ",");
    return job;
}

std::vector<BadRequest> bad_members() {
    return {
        {"POST", "/v1/jobs", with(R"("priority":10)"), 422, "", "priority"},
        {"POST", "/v1/jobs", with(R"("priority":-1)"), 422, "", "priority"},
        {"POST", "/v1/jobs", with(R"("priority":"high")"), 422, "", "priority"},
        {"POST", "/v1/jobs", with(R"("labels":[])"), 422, "", "labels"},
        {"POST", "/v1/jobs", with(R"("labels":{"a":1})"), 422, "", "labels"},
        {"POST", "/v1/jobs", with(R"("custom_id":"")"), 422, "", "custom_id"},
        {"POST", "/v1/jobs", with(R"("provider":"nobody")"), 422, "", "provider"},
        {"POST", "/v1/jobs", with(R"("account":"nobody")"), 422, "unknown_account", "account"},
        {"POST", "/v1/jobs", with(R"("not_before":"soon")"), 422, "", "not_before"},
        {"POST", "/v1/jobs", with(R"("deadline":"tomorrow")"), 422, "", "deadline"},
        {"POST", "/v1/jobs", with(R"("max_attempts":0)"), 422, "", "max_attempts"},
        {"POST", "/v1/jobs", with(R"("max_cost":-1)"), 422, "", "max_cost"},
        {"POST", "/v1/jobs", with(R"("max_cost":0.01)"), 422, "exceeds_max_cost", "max_cost"},
        {"POST", "/v1/jobs", with(R"("on_unknown":"panic")"), 422, "", "on_unknown"},
        {"POST", "/v1/jobs", with(R"("output":"../{id}")"), 422, "", "output"},
        {"POST", "/v1/jobs", with(R"("output":"{nobody}")"), 422, "", "output"},
        {"POST", "/v1/jobs", with(R"("idempotency_key":"")"), 422, "", "idempotency_key"},
        {"POST", "/v1/jobs", R"({"method":"POST","url":"/v1/nothing","body":{}})", 422, "invalid",
         "url"},
        {"POST", "/v1/jobs", R"({"method":"GET","url":"/v1/t2a_v2","body":{}})", 422, "invalid",
         "method"},
    };
}

const std::vector<BadRequest>& bad_calls() {
    static const std::vector<BadRequest> table = {
        {"POST", "/v1/jobs", "kind=video", 415, "unsupported_media_type", "ndjson",
         "application/x-www-form-urlencoded"},
        {"POST", "/v1/jobs", "{}", 415, "unsupported_media_type", "", "text/plain"},
        {"POST", "/v1/jobs", "\n \n", 422, "missing", "no job", "application/x-ndjson"},
        {"POST", "/v1/jobs", "[]", 422, "missing", "no job"},
        {"POST", "/v1/jobs", "[{}", 400, "malformed", "array"},
        {"POST", "/v1/jobs", "[{}] x", 400, "malformed", "array"},
        {"POST", "/v1/jobs?atomic=true", "{}", 422, "batch_refused", "none was taken",
         "application/jsonl"},
        {"POST", "/v1/jobs?atomic=perhaps", "{}", 422, "invalid", "atomic"},
        {"POST", "/v1/jobs?dryrun=true", "{}", 422, "invalid", "dry_run"},
        {"GET", "/v1/jobs?state=done", "", 422, "invalid", "state"},
        {"GET", "/v1/jobs?kind=movie", "", 422, "invalid", "kind"},
        {"GET", "/v1/jobs?limit=0", "", 422, "invalid", "limit"},
        {"GET", "/v1/jobs?limit=1001", "", 422, "invalid", "limit"},
        {"GET", "/v1/jobs?limit=ten", "", 422, "invalid", "limit"},
        {"GET", "/v1/jobs?cursor=x", "", 422, "invalid", "cursor"},
        {"GET", "/v1/jobs?label=film", "", 422, "invalid", "label"},
        {"GET", "/v1/jobs?batch=7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "", 404, "not_found", "batch"},
        {"GET", "/v1/jobs?stat=queued", "", 422, "invalid", "state"},
        {"GET", "/v1/jobs?state=%zz", "", 400, "malformed", "percent"},
        {"GET", "/v1/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV", "", 404, "not_found", "01ARZ3"},
        {"GET", "/v1/jobs/" + known + "?full=1", "", 422, "invalid", "full"},
        {"GET", "/v1/jobs/" + known + "/artifacts/0", "", 404, "not_found", "artifact"},
        {"GET", "/v1/jobs/" + known + "/artifacts/x", "", 404, "not_found", "artifact"},
        {"GET", "/v1/jobs/" + known + "/pictures", "", 404, "not_found", "/pictures"},
        {"POST", "/v1/jobs/" + known + "/cancel", "[]", 400, "malformed", "object"},
        {"POST", "/v1/jobs/" + known + "/cancel", "{", 400, "malformed", "JSON"},
        {"POST", "/v1/jobs/" + known + "/cancel", R"({"a":)" + std::string(50'000, '['), 400,
         "malformed", "JSON"},
        {"POST", "/v1/jobs/" + known + "/cancel", R"({"now":true})", 422, "invalid", "now"},
        {"POST", "/v1/jobs/" + known + "/retry", R"({"again":1})", 422, "invalid", "again"},
        {"POST", "/v1/jobs/" + known + "/retry", "", 409, "not_allowed", ""},
        {"POST", "/v1/jobs/" + known + "/resolve", "{}", 422, "invalid", "adopt"},
        {"POST", "/v1/jobs/" + known + "/resolve", R"({"absent":true,"lost":true})", 422, "invalid",
         "one of"},
        {"POST", "/v1/jobs/" + known + "/resolve", R"({"adopt":7})", 422, "invalid", "adopt"},
        {"PATCH", "/v1/jobs/" + known, "{}", 422, "invalid", "priority"},
        {"PATCH", "/v1/jobs/" + known, R"({"priority":5.5})", 422, "invalid", "priority"},
        {"PATCH", "/v1/jobs/" + known, R"({"labels":{"a":1}})", 422, "invalid", "labels.a"},
        {"PATCH", "/v1/jobs/" + known, R"({"labels":{"a b":"1"}})", 422, "invalid", "A-Z a-z"},
        {"PATCH", "/v1/jobs/" + known, R"({"labels":null})", 422, "invalid", "labels"},
        {"PATCH", "/v1/jobs/" + known, R"({"custom_id":"x"})", 422, "invalid", "custom_id"},
        {"DELETE", "/v1/jobs/" + known, "", 405, "method_not_allowed", "DELETE"},
        {"PUT", "/v1/jobs", "{}", 405, "method_not_allowed", "PUT"},
        {"GET", "/v1/jobs:cancel", "", 405, "method_not_allowed", "GET"},
        {"POST", "/v1/jobs:cancel", "", 422, "missing", "which jobs"},
        {"POST", "/v1/jobs:delete?all=true", "", 404, "not_found", "jobs:delete"},
        {"GET", "/v1/events?after=x", "", 422, "invalid", "after"},
        {"GET", "/v1/events?job=01ARZ3NDEKTSV4RRFFQ69G5FAV", "", 404, "not_found", "job"},
        {"GET", "/v1/batches/01ARZ3NDEKTSV4RRFFQ69G5FAV", "", 404, "not_found", "batch"},
        {"GET", "/v1/batches/01ARZ3NDEKTSV4RRFFQ69G5FAV/results", "", 404, "not_found", "batch"},
        {"GET", "/v1/ledger?limit=many", "", 422, "invalid", "limit"},
        {"POST", "/v1/queue/pause", R"({"reason":7})", 422, "invalid", "reason"},
        {"POST", "/v1/accounts/nobody/pause", "", 404, "not_found", "nobody"},
        {"GET", "/v2/jobs", "", 404, "not_found", "/v2/jobs"},
        {"GET", "/dashboard/x.js", "", 404, "not_found", "dashboard"},
        {"GET", "/v1/remote/main/files", "", 404, "not_found", "no account main"},
    };
    return table;
}

const std::vector<BadRequest>& bad_budgets() {
    static const std::vector<BadRequest> table = {
        {"PATCH", "/v1/batches/01ARZ3NDEKTSV4RRFFQ69G5FAV", R"({"budget":5})", 404, "not_found",
         "batch"},
        {"PATCH", "/v1/batches/01ARZ3NDEKTSV4RRFFQ69G5FAV", R"({"budget":-5})", 422, "invalid",
         "budget"},
        {"PATCH", "/v1/batches/01ARZ3NDEKTSV4RRFFQ69G5FAV", R"({"budget":5,"name":"x"})", 422,
         "invalid", "name"},
        {"PATCH", "/v1/batches/01ARZ3NDEKTSV4RRFFQ69G5FAV", "{}", 422, "invalid", "budget"},
        {"POST", "/v1/jobs?budget=much", "[]", 422, "invalid", "budget"},
        {"POST", "/v1/jobs?budget=5", video_text("one"), 422, "invalid", "max_cost"},
    };
    return table;
}

void check(ApiClient& client, const std::string& id, const BadRequest& bad) {
    std::string target = bad.target;
    if (const std::size_t at = target.find(known); at != std::string::npos)
        target.replace(at, known.size(), id);
    CAPTURE(bad.method);
    CAPTURE(target);
    CAPTURE(bad.body);

    const ApiReply reply =
        client.call(bad.method, target, bad.body, {{"Content-Type", bad.content_type}});

    CAPTURE(reply.body);
    CHECK(reply.status == bad.status);
    CHECK(reply.headers.at("content-type") == "application/problem+json");
    CHECK(reply.at("status") == std::to_string(bad.status));
    if (!bad.code.empty()) CHECK(reply.at("code") == bad.code);
    CHECK_FALSE(reply.at("detail").empty());
    CHECK(reply.at("type") == "urn:genspool:problem:" + reply.at("code"));
    const std::string said = reply.at("field") + " " + reply.at("detail");
    CHECK(said.find(bad.hint) != std::string::npos);
}

}  // namespace

TEST_CASE("every bad request is refused with its status, its code, and words that help") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string id = client.post("/v1/jobs", video_text()).at("id");
    const auto jobs_before = client.get("/v1/stats").at("jobs");

    for (const BadRequest& bad : bad_jobs())
        check(client, id, bad);
    for (const BadRequest& bad : bad_members())
        check(client, id, bad);
    for (const BadRequest& bad : bad_calls())
        check(client, id, bad);
    for (const BadRequest& bad : bad_budgets())
        check(client, id, bad);

    CHECK(client.get("/v1/stats").at("jobs") == jobs_before);
    CHECK(bad_jobs().size() + bad_members().size() + bad_calls().size() >= 60);
}

TEST_CASE("what is too large is refused at its bound") {
    RunningDaemon daemon([](genspool::daemon::Config& config) {
        config.limits.body_bytes_max = 64U << 10U;
        config.limits.line_bytes_max = 4U << 10U;
    });

    auto of_line = daemon.client();
    const ApiReply job = of_line.post("/v1/jobs", std::string(5'000, ' ') + video_text());
    CHECK(job.status == 413);
    CHECK(job.at("code") == "too_large");

    auto of_body = daemon.client();
    const ApiReply body = of_body.post("/v1/jobs", std::string(70'000, ' '));
    CHECK(body.status == 413);

    auto of_header = daemon.client();
    of_header.send_raw("GET /healthz HTTP/1.1\r\nX-Long: " + std::string(20'000, 'x') + "\r\n\r\n");
    const ApiReply header = of_header.read_reply();
    CHECK(header.status == 431);
    CHECK(header.at("code") == "header_too_large");

    auto of_batch = daemon.client();
    const std::string line = std::string(5'000, ' ') + video_text();
    const ApiReply batch = of_batch.post("/v1/jobs", line + "\n" + video_text(),
                                         {{"Content-Type", "application/jsonl"}});
    CHECK(batch.status == 202);
    CHECK(batch.json().at("errors").at(0).at("code").as_string() == "too_long");
    CHECK(batch.at("accepted") == "1");
}

TEST_CASE("what is no HTTP is answered once and the connection ends") {
    RunningDaemon daemon;
    for (const char* const bytes :
         {"nonsense\r\n\r\n", "GET /healthz HTTP/3.0\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
          "GET / HTTP/1.1\r\nBad header\r\n\r\n",
          "POST /v1/jobs HTTP/1.1\r\nContent-Length: x\r\n\r\n",
          "POST /v1/jobs HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"}) {
        CAPTURE(bytes);
        auto client = daemon.client();
        client.send_raw(bytes);
        const ApiReply reply = client.read_reply();
        CHECK(reply.status >= 400);
        CHECK(reply.headers.at("connection") == "close");
        CHECK(client.read_some().empty());
    }
    auto client = daemon.client();
    CHECK(client.get("/healthz").status == 200);
}

TEST_CASE("a header field that may come once is refused twice") {
    RunningDaemon daemon;
    auto client = daemon.client();

    const ApiReply reply =
        client.post("/v1/jobs", video_text(), {{"Idempotency-Key", "a"}, {"Idempotency-Key", "b"}});

    CHECK(reply.status == 400);
    CHECK(reply.at("detail").find("Idempotency-Key") != std::string::npos);
}

TEST_CASE("an idempotency key without a value is refused, and nothing is taken") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const Headers lines = {{"Idempotency-Key", ""}, {"Content-Type", "application/x-ndjson"}};

    for (const ApiReply& reply : {client.post("/v1/jobs", video_text(), {{"Idempotency-Key", ""}}),
                                  client.post("/v1/jobs", video_text(), lines)}) {
        CHECK(reply.status == 400);
        CHECK(reply.at("code") == "malformed");
        CHECK(reply.at("detail") == "The header field Idempotency-Key is there without a value.");
    }
    CHECK(client.get("/v1/stats").at("jobs") == "0");
}
