// More than there is room for: in the queue, in a body, in memory.
#include <doctest/doctest.h>

#include <boost/json/value.hpp>
#include <string>

#include "tests/daemon/running_daemon.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

const Headers as_lines = {{"Content-Type", "application/x-ndjson"}};

/// A job whose request is that long, in a field that is only passed on.
std::string long_job(const std::string& custom_id, std::size_t bytes) {
    std::string job = video_text(custom_id);
    const std::string mark = "\"request\":{";
    job.insert(job.find(mark) + mark.size(), "\"filler\":\"" + std::string(bytes, 'x') + "\",");
    return job;
}

std::string chunk(const std::string& bytes) {
    std::string size;
    for (std::size_t left = bytes.size(); left != 0; left /= 16)
        size.insert(size.begin(), "0123456789abcdef"[left % 16]);
    return size + "\r\n" + bytes + "\r\n";
}

void check_full(const ApiReply& reply) {
    CHECK(reply.status == 503);
    CHECK(reply.at("code") == "queue_full");
    CHECK(reply.at("retryable") == "true");
    CHECK(reply.at("billed") == "false");
    CHECK(reply.headers.at("retry-after") == "1");
}

}  // namespace

TEST_CASE("beyond queue_jobs_max a job or a batch is refused with 503 and Retry-After") {
    RunningDaemon daemon([](daemon::Config& config) { config.limits.queue_jobs_max = 3; });
    auto client = daemon.client();
    const std::string first = client.post("/v1/jobs", video_text("a")).at("id");
    const std::string two = video_text("b") + "\n" + video_text("c") + "\n";
    CHECK(client.post("/v1/jobs", two + video_text("d"), as_lines).at("code") == "queue_full");
    CHECK(client.post("/v1/jobs", two, as_lines).status == 202);

    check_full(client.post("/v1/jobs", video_text("e")));
    check_full(client.post("/v1/jobs", video_text("e"), as_lines));
    check_full(client.post("/v1/jobs", "[" + video_text("e") + "]"));
    CHECK(client.get("/v1/stats").at("jobs") == "3");

    CHECK(client.post("/v1/jobs/" + first + "/cancel", "").status == 200);
    CHECK(client.post("/v1/jobs", video_text("e")).status == 201);
}

TEST_CASE("a batch without an end ends at its bound, and nothing of it is left") {
    RunningDaemon daemon([](daemon::Config& config) {
        config.limits.body_bytes_max = 256U << 10U;
        config.limits.line_bytes_max = 4U << 10U;
    });
    auto client = daemon.client();
    for (const bool jobs : {true, false}) {
        CAPTURE(jobs);
        auto endless = daemon.client();
        endless.send_raw(
            "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
            "Transfer-Encoding: chunked\r\n\r\n");
        const std::string line = jobs ? video_text() + "\n" : std::string(100, 'x');
        for (std::size_t sent = 0; sent <= 256U << 10U; sent += line.size())
            endless.send_raw(chunk(line));
        const ApiReply reply = endless.read_reply();
        CHECK(reply.status == 413);
        CHECK(reply.at("code") == "too_large");
        CHECK(client.get("/healthz").status == 200);
    }
    CHECK(client.get("/v1/stats").at("jobs") == "0");
    CHECK(client.get("/v1/batches").json().at("batches").as_array().empty());
}

TEST_CASE("a batch with an idempotency key is not held in memory whole") {
    RunningDaemon daemon([](daemon::Config& config) {
        config.limits.line_bytes_max = 64U << 10U;
        config.limits.held_bytes_max = 4U << 20U;
    });
    auto client = daemon.client();
    std::string lines;
    for (int n = 0; lines.size() < 12U << 20U; ++n)
        lines += long_job(std::to_string(n), 32U << 10U) + "\n";
    const Headers headers = {as_lines.front(), {"Idempotency-Key", "long"}};

    const ApiReply first = client.post("/v1/jobs", lines, headers);
    CHECK(first.status == 202);
    const ApiReply again = client.post("/v1/jobs", lines, headers);
    CHECK(again.status == 200);
    CHECK(again.body == first.body);
    lines[lines.size() / 2] = lines[lines.size() / 2] == 'x' ? 'y' : 'x';
    CHECK(client.post("/v1/jobs", lines, headers).at("code") == "idempotency_conflict");
}

TEST_CASE("a page of jobs with long requests is a short one, and none is missing") {
    RunningDaemon daemon;
    auto client = daemon.client();
    for (int n = 0; n < 6; ++n)
        REQUIRE(client.post("/v1/jobs", long_job(std::to_string(n), 600U << 10U)).status == 201);

    std::size_t jobs = 0;
    std::size_t pages = 0;
    std::string next;
    do {
        const ApiReply page =
            client.get("/v1/jobs?limit=1000" + (next.empty() ? "" : "&cursor=" + next));
        REQUIRE(page.status == 200);
        CHECK(page.body.size() < 3U << 20U);
        jobs += page.json().at("jobs").as_array().size();
        next = page.at("next");
        ++pages;
    } while (!next.empty());
    CHECK(jobs == 6);
    CHECK(pages == 3);

    // Acting on all of them goes page by page, too.
    CHECK(client.post("/v1/jobs:cancel?all=true", "").at("done") == "6");
}

TEST_CASE("a refusal quotes only so much of what was sent") {
    RunningDaemon daemon;
    auto client = daemon.client();
    std::string job = video_text();
    job.insert(1, "\"" + std::string(100'000, 'x') + "\":1,");
    CHECK(client.post("/v1/jobs", job).body.size() < 2'000);
    CHECK(client.post("/v1/jobs", job, as_lines).body.size() < 2'000);
}
