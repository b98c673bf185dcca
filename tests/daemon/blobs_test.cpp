#include <doctest/doctest.h>

#include <filesystem>

#include "tests/daemon/running_daemon.hpp"
#include "workers/blob_store.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

const std::string png = "\x89PNG\r\n\x1A\n of a fox";

std::string job_with(const std::string& file, const std::string& field = "first_frame_image") {
    return R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02","prompt":"p",")" + field +
           R"(":{"$file":")" + file + R"("}}})";
}

}  // namespace

TEST_CASE("a file that is handed in is named by its SHA-256, and a job takes it") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const ApiReply kept = client.call("PUT", "/v1/blobs", png, {{"Content-Type", "image/jpeg"}});
    REQUIRE(kept.status == 200);
    CHECK(kept.at("file") == "sha256:" + workers::sha256_hex(png));
    CHECK(kept.at("media_type") == "image/png");
    CHECK(kept.json().at("bytes") == png.size());
    CHECK(client.call("PUT", "/v1/blobs", png, {}).body == kept.body);
    client.close();
    daemon.restart();
    auto later = daemon.client();

    const ApiReply job = later.post("/v1/jobs", job_with(kept.at("file")));
    REQUIRE(job.status == 201);
    const auto input = job.json().at("inputs").at(0);
    CHECK(input.at("file") == kept.at("file").c_str());
    CHECK(input.at("media_type") == "image/png");
    CHECK(input.at("bytes") == png.size());
}

TEST_CASE("a file that is not here, does not fit, or stands where none can is refused") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const std::string name = client.call("PUT", "/v1/blobs", png, {}).at("file");
    const std::string song = client.call("PUT", "/v1/blobs", "RIFF1234WAVE", {}).at("file");

    const ApiReply unknown = client.post("/v1/jobs", job_with("sha256:" + std::string(64, '0')));
    CHECK(unknown.status == 422);
    CHECK(unknown.at("field") == "request.first_frame_image");
    CHECK(unknown.at("detail").find("PUT /v1/blobs") != std::string::npos);
    CHECK(client.post("/v1/jobs", job_with(song)).at("detail").find("audio/wav") !=
          std::string::npos);
    CHECK(client.post("/v1/jobs", job_with(name, "prompt")).status == 422);
    CHECK(client.post("/v1/jobs", job_with("photos/a.png")).at("detail").find("PUT /v1/blobs") !=
          std::string::npos);
    CHECK(client.call("PUT", "/v1/blobs?x=1", png, {}).status == 422);
    const Headers form = {{"Content-Type", "multipart/form-data; boundary=x"}};
    CHECK(client.call("PUT", "/v1/blobs", png, form).status == 415);
}

TEST_CASE("an empty file is one, and a long one is refused") {
    RunningDaemon daemon([](daemon::Config& config) { config.limits.body_bytes_max = 100'000; });
    auto client = daemon.client();
    const ApiReply empty = client.call("PUT", "/v1/blobs", "", {});
    CHECK(empty.status == 200);
    CHECK(empty.at("file") == "sha256:" + workers::sha256_hex(""));
    CHECK(client.call("PUT", "/v1/blobs", std::string(100'001, 'x'), {}).status == 413);
    auto other = daemon.client();
    CHECK(other.get("/v1/jobs").status == 200);
}

TEST_CASE("a client that goes away in the middle leaves nothing") {
    RunningDaemon daemon;
    {
        auto client = daemon.client();
        client.send_raw(
            "PUT /v1/blobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf");
    }
    auto client = daemon.client();
    CHECK(client.get("/v1/stats").status == 200);
    client.close();
    daemon.halt();
    const std::filesystem::path blobs(daemon.config().daemon.state_dir + "/blobs");
    CHECK(std::filesystem::is_empty(blobs));
}
