#include "workers/download.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>

#include "tests/support/fake_http.hpp"
#include "tests/support/run.hpp"
#include "tests/support/sim_files.hpp"

namespace asio = boost::asio;
using namespace genspool;
using namespace std::chrono_literals;
using tests::FakeAnswer;
using workers::Download;
using workers::DownloadEnd;
using workers::HttpProgress;

namespace {

const std::string whole = "0123456789abcdefghijklmnopqrstuvwxyz";

struct World {
    asio::io_context io;
    tests::SimClock clock{io, proto::Instant{1'000s}};
    tests::SimFiles files{io, std::make_shared<tests::ForgetfulDisk>(), "/state"};
    tests::FakeHttp::Upstream upstream;
    tests::FakeHttp http{clock, [this](const workers::HttpCall& call) { return upstream(call); }};
    workers::PartFile part{files, "artifacts/.x.part", 0};
    Download download{http, part, clock};

    DownloadEnd attempt() {
        DownloadEnd end = DownloadEnd::cancelled;
        bool ended = false;
        auto done = [&ended](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
            ended = true;
        };
        asio::co_spawn(io, try_once(end), done);
        clock.run_until([&ended] { return ended; });
        REQUIRE(ended);
        return end;
    }
    asio::awaitable<void> try_once(DownloadEnd& end) {
        end = co_await download.attempt("https://cdn.example/x", 1'000'000, true);
    }
    std::string on_disk() const { return files.read_now("artifacts/.x.part").bytes; }
};

std::string header(const workers::HttpCall& call, std::string_view name) {
    for (const auto& header : call.headers) {
        if (header.name == name) return header.value;
    }
    return {};
}

FakeAnswer full() {
    FakeAnswer answer;
    answer.body = whole;
    answer.headers.push_back({"ETag", "\"v1\""});
    answer.headers.push_back({"Content-Type", "video/mp4"});
    return answer;
}

FakeAnswer cut(FakeAnswer answer, std::uint64_t at) {
    answer.progress = HttpProgress::head;
    answer.body_bytes = at;
    return answer;
}

FakeAnswer rest_from(std::size_t first) {
    FakeAnswer answer = full();
    answer.status = 206;
    answer.headers.push_back({"Content-Range", "bytes " + std::to_string(first) + "-35/36"});
    answer.body = whole.substr(first);
    return answer;
}

}  // namespace

TEST_CASE("a download arrives whole, without credentials, from a public host") {
    World world;
    world.upstream = [](const auto&) { return full(); };

    CHECK(world.attempt() == DownloadEnd::complete);

    CHECK(world.on_disk() == whole);
    CHECK(world.part.sha256() == workers::sha256_hex(whole));
    CHECK(world.download.media_type() == "video/mp4");
    const workers::HttpCall& call = world.http.calls().at(0);
    CHECK(call.public_hosts_only);
    CHECK_FALSE(call.paid);
    CHECK(call.headers.empty());
}

TEST_CASE("a download that broke off goes on where it was") {
    World world;
    world.upstream = [](const auto&) { return cut(full(), 10); };
    CHECK(world.attempt() == DownloadEnd::trouble);

    world.upstream = [](const auto& call) {
        CHECK(header(call, "Range") == "bytes=10-");
        CHECK(header(call, "If-Range") == "\"v1\"");
        return rest_from(10);
    };
    CHECK(world.attempt() == DownloadEnd::complete);

    CHECK(world.on_disk() == whole);
    CHECK(world.part.sha256() == workers::sha256_hex(whole));
}

TEST_CASE("a server whose file has changed since sends it whole, and that is what counts") {
    World world;
    world.upstream = [](const auto&) {
        FakeAnswer old = full();
        old.body = "an older file of some length, also cut";
        return cut(old, 12);
    };
    CHECK(world.attempt() == DownloadEnd::trouble);

    world.upstream = [](const auto&) { return full(); };
    CHECK(world.attempt() == DownloadEnd::complete);

    CHECK(world.on_disk() == whole);
    CHECK(world.part.sha256() == workers::sha256_hex(whole));
}

TEST_CASE("without a strong ETag a download starts over") {
    for (const std::string& etag : {std::string(), std::string("W/\"v1\"")}) {
        World world;
        world.upstream = [&etag](const auto& call) {
            CHECK(header(call, "Range").empty());
            FakeAnswer answer = full();
            answer.headers = {{"ETag", etag}};
            return cut(answer, 10);
        };
        CHECK(world.attempt() == DownloadEnd::trouble);
        CHECK(world.attempt() == DownloadEnd::trouble);
    }
}

TEST_CASE("another range than the one asked for is not taken") {
    World world;
    world.upstream = [](const auto&) { return cut(full(), 10); };
    world.attempt();
    world.upstream = [](const auto&) { return rest_from(4); };

    CHECK(world.attempt() == DownloadEnd::trouble);

    world.upstream = [](const auto& call) {
        CHECK(header(call, "Range").empty());
        return full();
    };
    CHECK(world.attempt() == DownloadEnd::complete);
    CHECK(world.on_disk() == whole);
}

TEST_CASE("a dead link is told from a host in trouble") {
    World world;
    FakeAnswer answer;
    world.upstream = [&answer](const auto&) { return answer; };
    for (const int status : {403, 404, 410}) {
        answer.status = status;
        CHECK(world.attempt() == DownloadEnd::refused);
    }
    for (const int status : {302, 401, 416, 429, 500, 503}) {
        answer.status = status;
        CHECK(world.attempt() == DownloadEnd::trouble);
        CHECK_FALSE(world.download.reason().empty());
    }
    answer.progress = HttpProgress::not_sent;
    CHECK(world.attempt() == DownloadEnd::trouble);
}

TEST_CASE("nothing at all is no download") {
    World world;
    world.upstream = [](const auto&) { return FakeAnswer{}; };
    CHECK(world.attempt() == DownloadEnd::trouble);
}

TEST_CASE("a range beyond the end makes the next attempt start over") {
    World world;
    world.upstream = [](const auto&) { return cut(full(), 36); };
    world.attempt();
    world.upstream = [](const auto&) {
        FakeAnswer answer;
        answer.status = 416;
        return answer;
    };
    CHECK(world.attempt() == DownloadEnd::trouble);
    world.upstream = [](const auto& call) {
        CHECK(header(call, "Range").empty());
        return full();
    };
    CHECK(world.attempt() == DownloadEnd::complete);
}

TEST_CASE("a file that just stops is whole when two attempts in a row brought the same") {
    World world;
    FakeAnswer answer = full();
    answer.length_said = false;
    world.upstream = [&answer](const auto& call) {
        CHECK(header(call, "Range").empty());
        return answer;
    };

    SUBCASE("the same twice") {
        CHECK(world.attempt() == DownloadEnd::trouble);
        CHECK_FALSE(world.download.reason().empty());
    }
    SUBCASE("cut short at first") {
        answer.body = whole.substr(0, 20);
        CHECK(world.attempt() == DownloadEnd::trouble);
        answer.body = whole;
        CHECK(world.attempt() == DownloadEnd::trouble);
    }
    CHECK(world.attempt() == DownloadEnd::complete);
    CHECK(world.on_disk() == whole);
}

TEST_CASE("chunks and the total of a range say where a file ends") {
    World world;
    world.upstream = [](const auto&) {
        FakeAnswer answer = full();
        answer.length_said = false;
        answer.headers.push_back({"transfer-encoding", "Chunked"});
        return answer;
    };
    CHECK(world.attempt() == DownloadEnd::complete);

    World resumed;
    resumed.upstream = [](const auto&) { return cut(full(), 10); };
    resumed.attempt();
    resumed.upstream = [](const auto&) {
        FakeAnswer answer = rest_from(10);
        answer.length_said = false;
        return answer;
    };
    CHECK(resumed.attempt() == DownloadEnd::complete);
}

TEST_CASE("a host that sends next to nothing is left after minutes, and goes on where it was") {
    World world;
    world.upstream = [](const auto&) {
        FakeAnswer answer = full();
        answer.piece_bytes = 1;
        answer.pause = 50s;
        return answer;
    };
    const proto::Instant begin = world.clock.now();

    CHECK(world.attempt() == DownloadEnd::slow);

    CHECK(world.clock.now() - begin == 150s);
    CHECK(world.part.bytes() == 3);
    CHECK(world.download.reason().ends_with("after 3 bytes"));
    world.upstream = [](const auto& call) {
        CHECK(header(call, "Range") == "bytes=3-");
        return rest_from(3);
    };
    CHECK(world.attempt() == DownloadEnd::complete);
    CHECK(world.on_disk() == whole);
}

TEST_CASE("a host is not left while it sends some, nor for its last piece") {
    World world;
    FakeAnswer answer = full();
    answer.pause = 50s;
    world.upstream = [&answer](const auto&) { return answer; };
    SUBCASE("a long file in long pieces") {
        answer.body = std::string(300'000, 'x');
        answer.piece_bytes = 24'000;
    }
    SUBCASE("a short one that is there when its time is up") {
        answer.piece_bytes = 12;
    }
    CHECK(world.attempt() == DownloadEnd::complete);
    CHECK(world.part.bytes() == answer.body.size());
}

TEST_CASE("a host that falls silent is in trouble, and is left where it had sent next to nothing") {
    World world;
    FakeAnswer answer = full();
    answer.body = std::string(300'000, 'x');
    world.upstream = [&answer](const auto&) {
        FakeAnswer silent = cut(answer, answer.body_bytes);
        silent.error = workers::HttpError::timeout;
        return silent;
    };
    answer.body_bytes = 200'000;
    CHECK(world.attempt() == DownloadEnd::trouble);
    CHECK(world.part.bytes() == 200'000);

    World other;
    other.upstream = world.upstream;
    answer.body_bytes = 10;
    CHECK(other.attempt() == DownloadEnd::slow);
}

TEST_CASE("a full disk is our trouble, not the host's") {
    World world;
    world.upstream = [](const auto&) { return full(); };
    world.files.set_full(true);

    CHECK(world.attempt() == DownloadEnd::disk);

    CHECK(world.download.disk_error() == std::errc::no_space_on_device);
}
