// What an account has upstream, over the API: who may, what there is, and what goes wrong.
#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <string>

#include "daemon/remote_problem.hpp"
#include "tests/daemon/running_daemon.hpp"
#include "tests/daemon/token_file.hpp"
#include "tests/simulator/local_upstream.hpp"
#include "tests/support/await.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

simulator::ModelOptions quick() {
    simulator::ModelOptions options;
    options.latency = std::chrono::milliseconds{1};
    return options;
}

/// A daemon with the accounts main and twin (one key), closed (a bad key) and gone (nobody is
/// there), over TCP; alice has a token, and boss is an admin.
struct World {
    explicit World(std::uint64_t body_bytes_max = 1U << 20U)
        : daemon([&](daemon::Config& config) {
              tokens.add("alice");
              tokens.add("boss", true);
              config.http.listen = "127.0.0.1:0";
              config.http.token_file = tokens.path();
              config.limits.body_bytes_max = body_bytes_max;
              add(config, "main", upstream.url(), "sk-test-key");
              add(config, "closed", upstream.url(), "sk-bad-key");
              add(config, "gone", "http://127.0.0.1:1", "sk-other-key");
              add(config, "twin", upstream.url(), "sk-test-key");
          }) {}

    static void add(daemon::Config& config, const std::string& name, const std::string& url,
                    const std::string& key) {
        daemon::AccountConfig account;
        account.name = name;
        account.provider = "minimax";
        account.base_url = url;
        account.api_key = daemon::Secret(key);
        account.slots = {{"video", 2}, {"voice", 1}};
        account.poll_min = std::chrono::milliseconds{20};
        account.poll_max = std::chrono::milliseconds{50};
        config.accounts.push_back(account);
        config.fetch.private_hosts = true;
    }

    ApiClient as(const std::string& name) const {
        return daemon.tcp_client(TokenFile::secret(name));
    }

    /// The id of a file that is there from now on.
    std::string upload(const std::string& bytes, const std::string& purpose = "voice_clone") {
        auto boss = as("boss");
        const ApiReply reply =
            boss.post("/v1/remote/main/files?filename=sailor.mp3&purpose=" + purpose, bytes,
                      {{"Content-Type", "audio/mpeg"}});
        REQUIRE(reply.status == 200);
        return std::string(reply.json().at("file").at("file_id").as_string());
    }

    simulator::LocalUpstream upstream{quick()};
    TokenFile tokens;
    RunningDaemon daemon;
};

proto::Refusal refused(proto::FailureClass failure, proto::OnQuery on_query) {
    proto::Refusal refusal;
    refusal.failure.failure = failure;
    refusal.failure.code = "1";
    refusal.failure.message = "words";
    refusal.on_query = on_query;
    return refusal;
}

}  // namespace

TEST_CASE("a file is uploaded by an admin, seen and read by everybody, and deleted by an admin") {
    World world;
    auto alice = world.as("alice");
    auto boss = world.as("boss");
    const std::string bytes = "ID3" + std::string(300'000, 'x');
    const std::string id = world.upload(bytes);
    // Beyond what a double holds.
    CHECK(std::stoll(id) > (1LL << 53));

    const ApiReply list = alice.get("/v1/remote/main/files?purpose=voice_clone");
    REQUIRE(list.json().at("files").as_array().size() == 1);
    CHECK(list.json().at("files").at(0).at("file_id").as_string() == id);
    CHECK(list.json().at("files").at(0).at("filename").as_string() == "sailor.mp3");
    const ApiReply file = alice.get("/v1/remote/main/files/" + id);
    CHECK(file.json().at("file").at("bytes").as_int64() == 300'003);
    const ApiReply content = alice.get("/v1/remote/main/files/" + id + "/content");
    CHECK(content.status == 200);
    CHECK(content.body == bytes);
    CHECK(content.headers.at("content-length") == "300003");
    CHECK(content.headers.at("content-disposition") == "attachment");

    const std::string named = "/v1/remote/main/files/" + id + "?purpose=voice_clone";
    CHECK(alice.call("DELETE", named, "", {}).at("code") == "not_owner");
    CHECK(alice.post("/v1/remote/main/files?purpose=voice_clone", bytes).at("code") == "not_owner");
    CHECK(boss.call("DELETE", named, "", {}).status == 200);
    const ApiReply gone = alice.get("/v1/remote/main/files/" + id + "/content");
    CHECK(gone.status == 404);
    CHECK(gone.at("code") == "not_found");
    CHECK(gone.at("detail") == "The upstream says: invalid params, invalid file_id (2013).");
    CHECK(gone.json().at("upstream").at("base_resp").at("status_code").as_int64() == 2013);
}

TEST_CASE("a path, a method, an account or a value that is not there is named") {
    World world;
    auto alice = world.as("alice");
    const ApiReply account = alice.get("/v1/remote/nobody/files?purpose=batch");
    CHECK(account.status == 404);
    CHECK(account.at("detail") ==
          "There is no account nobody here; there are closed, gone, main, twin.");
    for (const std::string path : {"", "fish", "files/7/content/x", "video_generation", "files/"}) {
        const ApiReply reply = alice.get("/v1/remote/main/" + path);
        CAPTURE(path);
        CHECK(reply.status == 404);
        CHECK(reply.at("detail").find("files/{}/content") != std::string::npos);
    }
    CHECK(alice.get("/v1/remote/main")
              .at("detail")
              .starts_with("Accounts of minimax have no such resource"));
    auto boss = world.as("boss");
    const ApiReply created = boss.post("/v1/remote/main/tasks", "{}");
    CHECK(created.status == 405);
    CHECK(created.headers.at("allow") == "GET");
    CHECK(boss.call("DELETE", "/v1/remote/main/tasks/7", "", {}).status == 405);
    CHECK(boss.call("PUT", "/v1/remote/main/files/7", "x", {}).status == 405);
    CHECK(boss.call("DELETE", "/v1/remote/main/files", "", {}).headers.at("allow") == "GET, POST");
    const ApiReply value = alice.get("/v1/remote/main/files");
    CHECK(value.status == 422);
    CHECK(value.at("field") == "purpose");
    CHECK(alice.get("/v1/remote/main/files/..%2F..%2Fv1%2Fmodels").at("field") == "id");
    CHECK(alice.get("/v1/remote/main/models?page=1").at("field") == "page");
}

TEST_CASE("voices, tasks, plan and models are told as the upstream tells them") {
    World world;
    auto alice = world.as("alice");
    CHECK(alice.get("/v1/remote/main/voices").json().at("system_voice").as_array().size() == 1);
    CHECK(alice.get("/v1/remote/main/tasks?page=1&size=5").json().at("total").as_int64() == 0);
    CHECK(alice.get("/v1/remote/main/tasks/7").at("code") == "not_found");
    CHECK(alice.get("/v1/remote/main/plan").json().as_object().contains("model_remains"));
    CHECK(alice.get("/v1/remote/main/models").json().at("object").as_string() == "list");
    // Not of every upstream: a path that it does not know says so.
    CHECK(alice.get("/v1/remote/main/batches").at("object") == "list");
    auto boss = world.as("boss");
    CHECK(boss.call("DELETE", "/v1/remote/main/voices/old-sailor?type=voice_cloning", "", {})
              .at("code") == "upstream_refused");
}

TEST_CASE("an upstream that refuses or is not there is told, and no account is closed for it") {
    World world;
    auto alice = world.as("alice");
    const ApiReply closed = alice.get("/v1/remote/closed/models");
    CHECK(closed.status == 502);
    CHECK(closed.at("code") == "upstream_account");
    CHECK(closed.at("retryable") == "false");
    CHECK(alice.get("/v1/remote/closed/files/7/content").at("code") == "upstream_account");
    for (const std::string path : {"models", "files/7/content"}) {
        const ApiReply gone = alice.get("/v1/remote/gone/" + path);
        CHECK(gone.status == 502);
        CHECK(gone.at("code") == "upstream_unreachable");
        CHECK(gone.at("retryable") == "true");
        CHECK(gone.at("detail").starts_with("http://127.0.0.1:1: "));
    }
    const boost::json::value accounts = alice.get("/v1/accounts").json();
    for (const auto& account : accounts.at("accounts").as_array())
        CHECK(account.at("health").as_string() == "ok");
}

TEST_CASE("what an upstream says decides what a client is told") {
    using proto::FailureClass;
    using proto::OnQuery;
    proto::Resource one{"GET", "files/{}", "GET /v1/files/retrieve"};
    one.id.name = "id";
    const proto::Resource list{"GET", "files", "GET /v1/files/list"};
    const auto code = [](const proto::Resource& resource, FailureClass failure, OnQuery on_query) {
        return daemon::upstream_refusal(resource, refused(failure, on_query)).code;
    };
    CHECK(code(one, FailureClass::rejected, OnQuery::gone) == "not_found");
    CHECK(code(list, FailureClass::rejected, OnQuery::gone) == "upstream_refused");
    CHECK(code(list, FailureClass::rate_limited, OnQuery::again) == "upstream_busy");
    CHECK(code(list, FailureClass::no_capacity, OnQuery::again) == "upstream_busy");
    CHECK(code(list, FailureClass::account, OnQuery::again) == "upstream_account");
    CHECK(code(list, FailureClass::transient, OnQuery::again) == "upstream_failed");

    workers::HttpReply reply;
    reply.progress = workers::HttpProgress::sent;
    reply.error = workers::HttpError::timeout;
    CHECK(daemon::to_reply(daemon::no_answer(list, {}, reply)).status == 504);
    reply.error = workers::HttpError::too_large;
    CHECK(daemon::to_reply(daemon::no_answer(list, {}, reply)).status == 502);
    const proto::Resource upload{"POST", "files", "POST /v1/files/upload"};
    CHECK(daemon::no_answer(upload, {}, reply)
              .detail.ends_with("It may have been done all the same."));
}

TEST_CASE("a file beyond the limit is not taken, nor is an empty one") {
    World world(64U << 10U);
    auto boss = world.as("boss");
    const std::string target = "/v1/remote/main/files?purpose=voice_clone";
    CHECK(boss.post(target, "").at("code") == "missing");
    CHECK(boss.post(target, "x", {{"Content-Type", "multipart/form-data"}}).status == 415);
    CHECK(boss.post(target, std::string(65U << 10U, 'x')).status == 413);
    auto alice = world.as("alice");
    CHECK(alice.get(target).json().at("files").as_array().empty());
}

TEST_CASE("a file that a job may have bought is not deleted before the job is home") {
    World world;
    auto boss = world.as("boss");
    const std::string slow = R"({"kind":"video","account":"main","request":{"model":)"
                             R"("MiniMax-Hailuo-02","prompt":"a kite [[slow:600000]]",)"
                             R"("duration":6,"resolution":"768P"}})";
    const std::string job = boss.post("/v1/jobs", slow).at("id");
    await("the purchase", [&] { return boss.get("/v1/jobs/" + job).at("state") == "running"; });
    for (const std::string account : {"main", "twin"}) {
        const std::string result = "/v1/remote/" + account + "/files/7?purpose=video_generation";
        const ApiReply refusal = boss.call("DELETE", result, "", {});
        CHECK(refusal.status == 409);
        CHECK(refusal.at("job_id") == job);
    }
    // What somebody uploaded is no job's goods.
    const std::string input = world.upload("ID3 speech");
    CHECK(boss.call("DELETE", "/v1/remote/main/files/" + input + "?purpose=voice_clone", "", {})
              .status == 200);
}

TEST_CASE("a job that names an uploaded file goes to its account; of others it must be named") {
    World world;
    auto boss = world.as("boss");
    const std::string id = world.upload("ID3 ahoy");
    const auto clone = [](const std::string& file, const std::string& more = "") {
        return R"({"kind":"voice_clone","request":{"voice_id":"old-sailor","file_id":)" + file +
               "}" + more + "}";
    };
    const auto account = [&](const std::string& target, const std::string& job) {
        return boss.post(target, job).at("account");
    };
    CHECK(account("/v1/jobs?dry_run=true", clone(id)) == "main");
    CHECK(account("/v1/jobs", clone(id)) == "main");
    // The same upstream, by another name.
    CHECK(account("/v1/jobs?dry_run=true", clone(id, R"(,"account":"twin")")) == "twin");

    const ApiReply against = boss.post("/v1/jobs", clone(id, R"(,"account":"gone")"));
    CHECK(against.status == 422);
    CHECK(against.at("field") == "account");
    for (const std::string target : {"/v1/jobs", "/v1/jobs?dry_run=true"}) {
        const ApiReply unknown = boss.post(target, clone("7"));
        CHECK(unknown.status == 422);
        CHECK(unknown.at("code") == "account_needed");
        CHECK(unknown.at("field") == "request.file_id");
        CHECK(account(target, clone("7", R"(,"account":"main")")) == "main");
    }

    const std::string named = "/v1/remote/twin/files/" + id + "?purpose=voice_clone";
    REQUIRE(boss.call("DELETE", named, "", {}).status == 200);
    CHECK(boss.post("/v1/jobs", clone(id)).at("code") == "account_needed");
}

TEST_CASE("lines that need an account are refused one by one, also by a dry run") {
    World world;
    auto boss = world.as("boss");
    const std::string lines =
        R"({"custom_id":"a","method":"POST","url":"/v2/video_regeneration","body":)"
        R"({"model":"MiniMax-H3","resolution":"2K","source_task_id":"T-1"}})"
        "\n"
        R"({"kind":"image","request":{"model":"image-01","prompt":"a kite"},"account":"main"})";
    for (const std::string target : {"/v1/jobs?dry_run=true", "/v1/jobs"}) {
        const auto told =
            boss.post(target, lines, {{"Content-Type", "application/x-ndjson"}}).json();
        CHECK(told.at("accepted").as_int64() == 1);
        REQUIRE(told.at("refused").as_int64() == 1);
        const auto& error = told.at("errors").at(0);
        CHECK(error.at("line").as_int64() == 1);
        CHECK(error.at("custom_id").as_string() == "a");
        CHECK(error.at("code").as_string() == "account_needed");
        CHECK(error.at("field").as_string() == "body.source_task_id");
    }
}
