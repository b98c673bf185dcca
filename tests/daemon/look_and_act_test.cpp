#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <thread>

#include "tests/daemon/running_daemon.hpp"

using namespace genspool::tests;

namespace {

std::string submit(ApiClient& client, const std::string& job) {
    return client.post("/v1/jobs", job).at("id");
}

std::optional<double> budget_of(const ApiReply& batch) {
    const auto shown = batch.json().at("cost").at("budget");
    return shown.is_null() ? std::nullopt : std::optional(shown.to_number<double>());
}

std::size_t count(const ApiReply& reply, std::string_view list) {
    return reply.json().at(list).as_array().size();
}

}  // namespace

TEST_CASE("jobs are listed newest first, in pages, by filters") {
    RunningDaemon daemon;
    auto client = daemon.client();
    for (int i = 0; i < 5; ++i)
        submit(client, video_text("shot-" + std::to_string(i)));
    std::string labelled = video_text("labelled");
    labelled.insert(1, R"("labels":{"film":"reel-3"},)");
    submit(client, labelled);

    const ApiReply first = client.get("/v1/jobs?limit=4");
    const ApiReply second = client.get("/v1/jobs?limit=4&cursor=" + first.at("next"));

    CHECK(first.json().at("jobs").at(0).at("custom_id").as_string() == "labelled");
    CHECK(count(first, "jobs") == 4);
    CHECK(count(second, "jobs") == 2);
    CHECK(second.at("next").empty());
    CHECK(count(client.get("/v1/jobs?label=film%3Dreel-3"), "jobs") == 1);
    CHECK(count(client.get("/v1/jobs?label=film=reel-4"), "jobs") == 0);
    CHECK(count(client.get("/v1/jobs?state=queued&kind=video"), "jobs") == 6);
    CHECK(count(client.get("/v1/jobs?state=running"), "jobs") == 0);
}

TEST_CASE("a list that is read in several looks is one page") {
    RunningDaemon daemon;
    auto client = daemon.client();
    std::string lines;
    for (int i = 0; i < 130; ++i)
        lines += video_text("shot-" + std::to_string(i)) + "\n";
    client.post("/v1/jobs", lines, {{"Content-Type", "application/x-ndjson"}});

    const ApiReply most = client.get("/v1/jobs?limit=120");
    const ApiReply rest = client.get("/v1/jobs?limit=120&cursor=" + most.at("next"));
    const ApiReply all = client.get("/v1/jobs?limit=130");

    CHECK(count(most, "jobs") == 120);
    CHECK(most.json().at("jobs").at(119).at("custom_id").as_string() == "shot-10");
    CHECK(count(rest, "jobs") == 10);
    CHECK(rest.json().at("jobs").at(0).at("custom_id").as_string() == "shot-9");
    CHECK(rest.at("next").empty());
    CHECK(count(all, "jobs") == 130);
    CHECK(all.at("next").empty());
}

TEST_CASE("an id may be shortened as long as it is unique") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string id = submit(client, video_text());

    CHECK(client.get("/v1/jobs/" + id.substr(0, 24)).at("id") == id);
    std::string lower = id;
    for (char& c : lower)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    CHECK(client.get("/v1/jobs/" + lower).at("id") == id);
    CHECK(client.get("/v1/jobs/7ZZZZZZZZZ").status == 404);
    CHECK(client.get("/v1/jobs/no-id").status == 404);
}

TEST_CASE("who waits for a job is answered when somebody cancels it") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string id = submit(client, video_text());

    ApiReply waited;
    std::thread waiter([&] {
        auto other = daemon.client();
        waited = other.get("/v1/jobs/" + id, {{"Prefer", "wait=120"}});
    });
    const ApiReply canceled = client.post("/v1/jobs/" + id + "/cancel", "");
    waiter.join();

    CHECK(canceled.status == 200);
    CHECK(canceled.at("state") == "canceled");
    CHECK(waited.status == 200);
    CHECK(waited.at("state") == "canceled");
    CHECK(waited.headers.at("preference-applied") == "wait");
}

TEST_CASE("a wait ends with the job as it is when the time is up") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string id = submit(client, video_text());

    const ApiReply reply = client.get("/v1/jobs/" + id, {{"Prefer", "wait=0"}});

    CHECK(reply.status == 200);
    CHECK(reply.at("state") == "queued");
}

TEST_CASE("acting on a job: cancel, again, retry, patch") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string job = "/v1/jobs/" + submit(client, video_text());

    CHECK(client.post(job + "/cancel", "").at("state") == "canceled");
    CHECK(client.post(job + "/cancel", "{}").status == 200);
    const ApiReply retried = client.post(job + "/retry", R"({"again":true})");
    CHECK(retried.status == 200);
    CHECK(retried.at("state") == "queued");
    const ApiReply patched = client.call(
        "PATCH", job, R"({"priority":9,"labels":{"b":"2","a":"1"}})", {{"X-Ignored", "yes"}});
    CHECK(patched.at("priority") == "9");
    CHECK(patched.at("labels") == R"({"a":"1","b":"2"})");
    const ApiReply wrong = client.post(job + "/resolve", R"({"absent":true})");
    CHECK(wrong.status == 409);
    CHECK(wrong.at("code") == "not_allowed");
    CHECK(wrong.at("job_id") == retried.at("id"));
}

TEST_CASE("many jobs are acted on by filters, and counted") {
    RunningDaemon daemon;
    auto client = daemon.client();
    std::string lines;
    for (int i = 0; i < 700; ++i)
        lines += video_text("s" + std::to_string(i)) + "\n";
    const std::string batch =
        client.post("/v1/jobs", lines, {{"Content-Type", "application/jsonl"}}).at("batch");
    submit(client, video_text("alone"));

    const ApiReply reply = client.post("/v1/jobs:cancel?batch=" + batch, "");

    CHECK(reply.status == 200);
    CHECK(reply.at("matched") == "700");
    CHECK(reply.at("done") == "700");
    CHECK(count(client.get("/v1/jobs?state=queued"), "jobs") == 1);
    CHECK(client.post("/v1/batches/" + batch + "/cancel", "").at("already") == "700");
    CHECK(client.post("/v1/jobs:retry?batch=" + batch, "").at("done") == "700");
    CHECK(client.post("/v1/jobs:cancel?all=true", "").at("done") == "701");
    const std::string results = client.get("/v1/batches/" + batch + "/errors").body;
    CHECK(std::count(results.begin(), results.end(), '\n') == 700);
}

TEST_CASE("explain names what a job waits for") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string id = submit(client, video_text());

    REQUIRE(client.post("/v1/queue/pause", R"({"reason":"invoice"})").status == 200);
    const ApiReply reply = client.get("/v1/jobs/" + id + "/explain");

    CHECK(reply.at("state") == "queued");
    CHECK(reply.json().at("gates").at(0).at("gate").as_string() == "pause");
    CHECK(client.get("/v1/stats").at("paused_reason") == "invoice");
    CHECK(client.post("/v1/queue/resume", "").status == 200);
    CHECK(client.get("/v1/stats").at("paused") == "false");
}

TEST_CASE("accounts are listed without their keys, paused and resumed") {
    RunningDaemon daemon([](genspool::daemon::Config& config) {
        genspool::daemon::AccountConfig account;
        account.name = "main";
        account.provider = "minimax";
        account.base_url = "http://127.0.0.1:9";
        account.api_key = genspool::daemon::Secret("sk-very-secret-key");
        account.slots = {{"video", 0}};
        config.accounts.push_back(account);
    });
    auto client = daemon.client();

    const ApiReply paused = client.post("/v1/accounts/main/pause", "");
    const ApiReply listed = client.get("/v1/accounts");

    CHECK(paused.status == 200);
    CHECK(count(listed, "accounts") == 1);
    CHECK(listed.json().at("accounts").at(0).at("health").as_string() == "paused");
    CHECK(listed.body.find("secret") == std::string::npos);
    CHECK(client.post("/v1/accounts/main/resume", "").status == 200);
    CHECK(client.post("/v1/accounts/other/pause", "").status == 404);
}

TEST_CASE("ready means that the store was written just now") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const auto commits = client.get("/v1/stats").json().at("commits").as_int64();

    CHECK(client.get("/readyz").at("status") == "ready");
    CHECK(client.get("/v1/stats").json().at("commits").as_int64() > commits);
}

TEST_CASE("HEAD answers as GET does, without the body") {
    RunningDaemon daemon;
    auto client = daemon.client();

    client.send_raw("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n");
    const std::string both = client.read_until(R"({"status":"ok"})");

    const std::size_t head_end = both.find("\r\n\r\n");
    CHECK(both.substr(0, head_end).find("Content-Length: 15\r\n") != std::string::npos);
    CHECK(both.substr(head_end).starts_with("\r\n\r\nHTTP/1.1 200"));
}

TEST_CASE("a batch's budget comes with it, is changed, and taken away") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const ApiReply made = client.post("/v1/jobs?budget=7.50", video_text("a") + "\n",
                                      {{"Content-Type", "application/x-ndjson"}});
    const std::string batch = "/v1/batches/" + made.at("batch");
    CHECK(budget_of(client.get(batch)).value() == doctest::Approx(7.5));

    const ApiReply less = client.call("PATCH", batch, R"({"budget":"0.25"})", {});
    CHECK(budget_of(less).value() == doctest::Approx(0.25));
    CHECK(budget_of(client.get(batch)).value() == doctest::Approx(0.25));
    CHECK_FALSE(budget_of(client.call("PATCH", batch, R"({"budget":null})", {})));
}

TEST_CASE("stats and accounts tell the day's budgets") {
    RunningDaemon daemon([](genspool::daemon::Config& config) {
        config.budget.day[genspool::proto::Unit::usd] = 50'000'000;
        genspool::daemon::AccountConfig account;
        account.name = "main";
        account.provider = "minimax";
        account.day_budget = 3'500'000;
        config.accounts.push_back(account);
    });
    auto client = daemon.client();
    const auto today = client.get("/v1/stats").json().at("budget").at("USD");
    CHECK(today.at("day").to_number<double>() == doctest::Approx(50));
    CHECK(today.at("used").to_number<double>() == doctest::Approx(0));
    const auto shown = client.get("/v1/accounts").json().at("accounts").at(0).at("today");
    CHECK(shown.at("unit").as_string() == "USD");
    CHECK(shown.at("budget").to_number<double>() == doctest::Approx(3.5));
}
