#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>

#include "tests/daemon/running_daemon.hpp"

using namespace genspool::tests;

namespace {

void open_stream(ApiClient& client, const std::string& query, const std::string& last_id) {
    std::string request = "GET /v1/events" + query + " HTTP/1.1\r\nHost: x\r\n";
    if (!last_id.empty()) request += "Last-Event-ID: " + last_id + "\r\n";
    client.send_raw(request + "\r\n");
}

}  // namespace

TEST_CASE("an event stream shows every transition with its number") {
    RunningDaemon daemon;
    auto client = daemon.client();
    auto stream = daemon.client();
    open_stream(stream, "", "");
    const std::string head = stream.read_until(": connected");
    CHECK(head.find("text/event-stream") != std::string::npos);

    const std::string id = client.post("/v1/jobs", video_text()).at("id");

    const std::string text = stream.read_until("\"to\":\"queued\"");
    CHECK(text.find("id: 1\ndata: {\"seq\":1,\"job_id\":\"" + id) != std::string::npos);
}

TEST_CASE("a stream goes on after the last event its reader has seen, across a restart") {
    RunningDaemon daemon;
    {
        auto client = daemon.client();
        const std::string id = client.post("/v1/jobs", video_text()).at("id");
        client.post("/v1/jobs/" + id + "/cancel", "");
    }
    daemon.restart();
    auto client = daemon.client();
    auto stream = daemon.client();
    open_stream(stream, "", "1");

    const std::string text = stream.read_until("\"event\":\"cancel\"");

    CHECK(text.find("id: 2\n") != std::string::npos);
    CHECK(text.find("id: 1\n") == std::string::npos);
    client.post("/v1/jobs", video_text());
    CHECK(stream.read_until("\"event\":\"admitted\"").find("id: 3\n") != std::string::npos);
}

TEST_CASE("nobody can go on after an event that has not happened") {
    RunningDaemon daemon;
    auto client = daemon.client();
    client.post("/v1/jobs", video_text());

    for (const ApiReply& reply : {client.get("/v1/events", {{"Last-Event-ID", "2"}}),
                                  client.get("/v1/events?after=18446744073709551615")}) {
        CHECK(reply.status == 409);
        CHECK(reply.at("code") == "events_ahead");
        CHECK(reply.at("newest") == "1");
        CHECK(reply.at("detail").find("the newest is 1") != std::string::npos);
    }
    auto stream = daemon.client();
    open_stream(stream, "", "1");
    CHECK(stream.read_until(": connected").find("200") != std::string::npos);
}

TEST_CASE("a stream can be of one job, or of one batch") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string first = client.post("/v1/jobs", video_text()).at("id");
    const std::string second = client.post("/v1/jobs", video_text()).at("id");
    const std::string batch = client.post("/v1/jobs", "[" + video_text() + "]").at("batch");
    client.post("/v1/jobs/" + first + "/cancel", "");
    client.post("/v1/jobs/" + second + "/cancel", "");

    auto of_job = daemon.client();
    open_stream(of_job, "?after=0&job=" + second, "");
    const std::string job_text = of_job.read_until("\"to\":\"canceled\"");
    auto of_batch = daemon.client();
    open_stream(of_batch, "?after=0&batch=" + batch, "");
    const std::string batch_text = of_batch.read_until("batch_sealed");

    CHECK(job_text.find(second) != std::string::npos);
    CHECK(job_text.find(first) == std::string::npos);
    CHECK(batch_text.find(first) == std::string::npos);
    CHECK(batch_text.find("\"batch\":\"" + batch) != std::string::npos);
}

TEST_CASE("a stop ends the streams") {
    auto daemon = std::make_unique<RunningDaemon>();
    auto stream = daemon->client();
    open_stream(stream, "", "");
    stream.read_until(": connected");

    daemon.reset();

    CHECK_THROWS_AS(stream.read_until("never"), std::runtime_error);
}

TEST_CASE("a job's history is a list") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string id = client.post("/v1/jobs", video_text()).at("id");
    client.post("/v1/jobs/" + id + "/cancel", "");
    client.post("/v1/jobs/" + id + "/retry", "");

    const ApiReply all = client.get("/v1/jobs/" + id + "/events");
    const ApiReply page = client.get("/v1/jobs/" + id + "/events?limit=2");
    const ApiReply rest = client.get("/v1/jobs/" + id + "/events?cursor=" + page.at("next"));

    CHECK(all.json().at("events").as_array().size() == 3);
    CHECK(page.json().at("events").as_array().size() == 2);
    CHECK(rest.json().at("events").as_array().size() == 1);
    CHECK(rest.json().at("events").at(0).at("event").as_string() == "retry");
}
