#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "daemon/hooks/signature.hpp"
#include "tests/daemon/running_daemon.hpp"
#include "tests/support/await.hpp"
#include "tests/support/raw_server.hpp"

using namespace genspool;
using namespace genspool::tests;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Who is posted messages: keeps them, and answers as it is told to.
class Receiver {
public:
    Receiver()
        : server_(io_, [this](RawConnection& connection) { return serve(connection); }),
          thread_([this] { server_.run(until_stopped()); }) {}

    ~Receiver() {
        asio::post(io_, [this] { stop_.cancel(); });
        thread_.join();
    }

    std::string url(const std::string& path) const { return server_.url(path); }
    void answer(int status) {
        const std::lock_guard lock(mutex_);
        status_ = status;
    }
    std::vector<std::string> requests() {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

private:
    asio::awaitable<void> until_stopped() {
        co_await stop_.async_wait(asio::as_tuple(asio::use_awaitable));
    }

    asio::awaitable<void> serve(RawConnection& connection) {
        while (true) {
            const std::string request = co_await connection.read_request();
            if (request.empty()) co_return;
            int status = 0;
            {
                const std::lock_guard lock(mutex_);
                requests_.push_back(request);
                status = status_;
            }
            co_await connection.send("HTTP/1.1 " + std::to_string(status) +
                                     " X\r\nContent-Length: 0\r\n\r\n");
        }
    }

    asio::io_context io_;
    asio::steady_timer stop_{io_, asio::steady_timer::time_point::max()};
    std::mutex mutex_;
    int status_ = 204;
    std::vector<std::string> requests_;
    RawServer server_;
    std::thread thread_;
};

std::string field(const std::string& request, const std::string& name) {
    const std::size_t at = request.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "(not there)";
    const std::size_t begin = at + name.size() + 4;
    return request.substr(begin, request.find("\r\n", begin) - begin);
}

std::string body_of(const std::string& request) {
    return request.substr(request.find("\r\n\r\n") + 4);
}

daemon::HookConfig hook_to(const std::string& url) {
    daemon::HookConfig hook;
    hook.name = "ops";
    hook.url = url;
    return hook;
}

/// A job that has come to an end; its id.
std::string canceled_job(const RunningDaemon& daemon, const std::string& text) {
    ApiClient client = daemon.client();
    const ApiReply created = client.post("/v1/jobs", text);
    REQUIRE(created.status == 201);
    const std::string id(created.json().at("id").as_string());
    REQUIRE(client.post("/v1/jobs/" + id + "/cancel", "").status == 200);
    return id;
}

json::value hook_shown(const RunningDaemon& daemon, const std::string& name) {
    ApiClient client = daemon.client();
    return client.get("/v1/hooks/" + name).json();
}

}  // namespace

TEST_CASE("an address is told of a job's end, signed, and again after it has failed") {
    Receiver receiver;
    receiver.answer(503);
    RunningDaemon daemon([&](daemon::Config& config) {
        config.hooks.secrets.push_back(*daemon::hooks::read_signing_secret(secret));
        config.hooks.private_hosts = true;
        config.hooks.list.push_back(hook_to(receiver.url("/told?key=1")));
    });
    const std::string id = canceled_job(daemon, video_text("shot-1"));
    await("a first attempt", [&] { return receiver.requests().size() == 1; });
    await("its failure", [&] {
        return hook_shown(daemon, "ops").at_pointer("/hook/waiting").to_number<int>() == 1;
    });
    const json::value shown = hook_shown(daemon, "ops");
    CHECK(shown.at_pointer("/untaken/0/job_id") == json::string(id));
    CHECK(shown.at_pointer("/untaken/0/attempts") == 1);
    CHECK(shown.at_pointer("/untaken/0/error") == "it answered 503");
    CHECK(json::serialize(shown).find("key=1") == std::string::npos);

    receiver.answer(204);
    ApiClient client = daemon.client();
    CHECK(client.post("/v1/hooks/ops/retry", "{}").json().at("events") == 1);
    await("another attempt", [&] { return receiver.requests().size() == 2; });
    await("that it is taken", [&] {
        return hook_shown(daemon, "ops").at_pointer("/hook/taken").to_number<int>() == 1;
    });
    CHECK(hook_shown(daemon, "ops").at("untaken").as_array().empty());

    const std::string first = receiver.requests().at(0);
    const std::string second = receiver.requests().at(1);
    CHECK(field(first, "webhook-id") == field(second, "webhook-id"));
    CHECK(field(second, "webhook-id").starts_with(id + "."));
    const proto::Instant at{std::chrono::seconds{std::stoll(field(second, "webhook-timestamp"))}};
    const std::vector secrets{*daemon::hooks::read_signing_secret(secret)};
    CHECK(field(second, "webhook-signature") ==
          daemon::hooks::sign(field(second, "webhook-id"), at, body_of(second), secrets));
    CHECK(json::parse(body_of(second)).at_pointer("/data/job/custom_id") == "shot-1");
}

TEST_CASE("a job's own address is told, with the trace that the job was handed in with") {
    Receiver receiver;
    RunningDaemon daemon([&](daemon::Config& config) {
        config.hooks.secrets.push_back(*daemon::hooks::read_signing_secret(secret));
        config.hooks.private_hosts = true;
    });
    canceled_job(daemon, video_text());
    std::string text = video_text();
    text.insert(text.size() - 1, R"(,"webhook":")" + receiver.url("/mine") + "\"");
    ApiClient client = daemon.client();
    const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const ApiReply created = client.post("/v1/jobs", text, {{"traceparent", trace}});
    REQUIRE(created.status == 201);
    CHECK(created.json().at("traceparent") == json::string(trace));
    const std::string id(created.json().at("id").as_string());
    client.post("/v1/jobs/" + id + "/cancel", "");

    await("the message", [&] { return receiver.requests().size() == 1; });
    const std::string request = receiver.requests().front();
    CHECK(request.starts_with("POST /mine HTTP/1.1\r\n"));
    CHECK(field(request, "traceparent") == trace);
    CHECK(json::parse(body_of(request)).at("subject") == json::string(id));
}

TEST_CASE("an address of one's own network is refused unless it is allowed") {
    Receiver receiver;
    RunningDaemon daemon([&](daemon::Config& config) {
        config.hooks.secrets.push_back(*daemon::hooks::read_signing_secret(secret));
        config.hooks.list.push_back(hook_to(receiver.url("/told")));
    });
    canceled_job(daemon, video_text());
    await("its failure", [&] {
        return hook_shown(daemon, "ops").at_pointer("/hook/waiting").to_number<int>() == 1;
    });
    CHECK(receiver.requests().empty());
}

TEST_CASE("jobs may not name an address where nothing could sign what it is told") {
    RunningDaemon daemon;
    std::string text = video_text();
    text.insert(text.size() - 1, R"(,"webhook":"https://films.example.org/done")");
    ApiClient client = daemon.client();
    const ApiReply refused = client.post("/v1/jobs", text);
    CHECK(refused.status == 422);
    CHECK(refused.json().at("code") == "not_available");
}

TEST_CASE("a command is run for each end, through a restart") {
    TemporaryDirectory directory;
    const std::string file = directory.path("ends");
    RunningDaemon daemon([&](daemon::Config& config) {
        daemon::HookConfig hook;
        hook.name = "notify";
        hook.command = {"/bin/sh", "-c", "echo $GENSPOOL_JOB_ID $GENSPOOL_STATE >> " + file};
        config.hooks.list.push_back(hook);
    });
    const auto lines = [&] {
        std::set<std::string> all;
        std::ifstream in(file);
        for (std::string line; std::getline(in, line);)
            all.insert(line);
        return all;
    };
    std::set<std::string> wanted;
    for (int n = 0; n < 20; ++n) {
        wanted.insert(canceled_job(daemon, video_text()) + " canceled");
        if (n == 10) daemon.restart();
    }
    await("every end", [&] { return lines() == wanted; });
}

TEST_CASE("who asks for a hook that is not there, or may not, is told so") {
    RunningDaemon daemon;
    ApiClient client = daemon.client();
    CHECK(client.get("/v1/hooks").json().at("hooks").as_array().empty());
    CHECK(client.get("/v1/hooks/ops").status == 404);
    CHECK(client.post("/v1/hooks/ops/retry", "{}").status == 404);
    CHECK(client.post("/v1/hooks/ops/retry", R"({"event":"x"})").status == 422);
    CHECK(client.post("/v1/hooks/ops/retry", R"({"evnt":1})").status == 422);
}

TEST_CASE("a collector is sent the way of a job that has ended") {
    Receiver receiver;
    receiver.answer(200);
    RunningDaemon daemon([&](daemon::Config& config) {
        daemon::HookConfig hook;
        hook.name = "traces";
        hook.otlp = receiver.url("/v1/traces");
        hook.tells = {proto::State::canceled};
        config.hooks.list.push_back(hook);
    });
    canceled_job(daemon, video_text());
    await("its spans", [&] { return receiver.requests().size() == 1; });
    const std::string request = receiver.requests().front();
    CHECK(request.starts_with("POST /v1/traces HTTP/1.1\r\n"));
    const json::value body = json::parse(body_of(request));
    const json::value& spans = body.at_pointer("/resourceSpans/0/scopeSpans/0/spans");
    REQUIRE(spans.as_array().size() == 2);
    CHECK(spans.at(0).at("name") == "genspool video");
    CHECK(spans.at(1).at("name") == "queued");
}
