#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/cli/stub_daemon.hpp"

using namespace genspool::tests;

namespace {

const std::string bytes = std::string(300'000, 'x') + std::string("\0\r\n", 3);

/// A job with two artifacts at home and one lost.
StubReply serve(const StubRequest& request) {
    if (request.target.ends_with("/artifacts/0")) return {200, bytes, "video/mp4"};
    if (request.target.ends_with("/artifacts/1")) return {200, "second", "video/mp4"};
    if (request.target.find("/artifacts/") != std::string::npos)
        return {404, R"({"title":"There is no such thing","code":"not_found"})"};
    return {200, R"({"id":"J","state":"succeeded","artifacts":[)"
                 R"({"n":0,"name":"reel/a.mp4","state":"home"},)"
                 R"({"n":1,"name":"reel/b.mp4","state":"home"},)"
                 R"({"n":2,"name":null,"state":"lost"}]})"};
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

std::size_t files_in(const TemporaryDirectory& directory) {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(directory.path()), {}));
}

}  // namespace

TEST_CASE("every artifact that is home goes into a directory under its own name") {
    const TemporaryDirectory directory;
    const StubDaemon daemon(serve);
    const Ran ran = run_cli(daemon, {"get", "J", "-o", directory.path()});
    CHECK(ran.exit == 0);
    CHECK(ran.out == directory.path("a.mp4") + "\n" + directory.path("b.mp4") + "\n");
    CHECK(read_file(directory.path("a.mp4")) == bytes);
    CHECK(read_file(directory.path("b.mp4")) == "second");
    CHECK(files_in(directory) == 2);
}

TEST_CASE("one artifact goes into the file that was named") {
    const TemporaryDirectory directory;
    const StubDaemon daemon(serve);
    CHECK(run_cli(daemon, {"get", "J", "-n", "1", "-o", directory.path("x.mp4")}).exit == 0);
    CHECK(read_file(directory.path("x.mp4")) == "second");
}

TEST_CASE("bytes that are not those which were brought home are told, and not written") {
    const TemporaryDirectory directory;
    const StubDaemon daemon([](const StubRequest& request) {
        if (request.target.ends_with("/artifacts/0")) return StubReply{200, "damaged", "video/mp4"};
        return StubReply{200, R"({"id":"J","state":"succeeded","artifacts":[{"n":0,"name":"a.mp4",)"
                              R"("sha256":"00ff","state":"home"}]})"};
    });
    const Ran ran = run_cli(daemon, {"get", "J", "-o", directory.path()});
    CHECK(ran.exit == 1);
    CHECK(ran.err.find("a.mp4 is not written: what came is not what was brought home") !=
          std::string::npos);
    CHECK(files_in(directory) == 0);
}

TEST_CASE("standard output takes the bytes and nothing else") {
    const StubDaemon daemon(serve);
    const Ran ran = run_cli(daemon, {"get", "J", "-n", "0", "-o", "-"});
    CHECK(ran.exit == 0);
    CHECK(ran.out == bytes);
}

TEST_CASE("several artifacts want a choice or a directory") {
    const TemporaryDirectory directory;
    const StubDaemon daemon(serve);
    CHECK(run_cli(daemon, {"get", "J", "-o", "-"}).exit == 2);
    CHECK(run_cli(daemon, {"get", "J", "-o", directory.path("x.mp4")}).exit == 2);
    CHECK(run_cli(daemon, {"get", "J", "-n", "3"}).exit == 3);
    CHECK(run_cli(daemon, {"get", "J", "-n", "2", "-o", directory.path("x.mp4")}).exit == 3);
    CHECK(files_in(directory) == 0);
}

TEST_CASE("an existing file is replaced only by force") {
    const TemporaryDirectory directory;
    const std::string path = directory.path("x.mp4");
    std::ofstream(path) << "mine";
    const StubDaemon daemon(serve);
    CHECK(run_cli(daemon, {"get", "J", "-n", "1", "-o", path}).exit == 2);
    CHECK(read_file(path) == "mine");
    CHECK(run_cli(daemon, {"get", "J", "-n", "1", "-o", path, "--force"}).exit == 0);
    CHECK(read_file(path) == "second");
}

TEST_CASE("a download that breaks off begins anew and is never seen by half") {
    const TemporaryDirectory directory;
    std::atomic<int> tries = 0;
    const StubDaemon daemon([&tries](const StubRequest& request) {
        StubReply reply = serve(request);
        if (request.target.ends_with("/artifacts/0") && ++tries == 1) reply.cut = 100'000;
        return reply;
    });
    const std::string path = directory.path("x.mp4");
    CHECK(run_cli(daemon, {"get", "J", "-n", "0", "-o", path}).exit == 0);
    CHECK(tries == 2);
    CHECK(read_file(path) == bytes);
}

TEST_CASE("what a killed program has left is taken over, what another one writes is not") {
    const TemporaryDirectory directory;
    const StubDaemon daemon(serve);
    const std::string path = directory.path("x.mp4");
    const std::string part = directory.path(".x.mp4.part");
    std::ofstream(part) << "a part that is longer than all of it";
    const int other = ::open(part.c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(::flock(other, LOCK_EX) == 0);
    const Ran ran = run_cli(daemon, {"get", "J", "-n", "1", "-o", path});
    CHECK(ran.exit == 1);
    CHECK(ran.err.find("is being written by another program") != std::string::npos);
    ::close(other);
    CHECK(run_cli(daemon, {"get", "J", "-n", "1", "-o", path}).exit == 0);
    CHECK(read_file(path) == "second");
    CHECK(files_in(directory) == 1);
}

TEST_CASE("a download that never comes whole leaves nothing") {
    const TemporaryDirectory directory;
    const StubDaemon daemon([](const StubRequest& request) {
        StubReply reply = serve(request);
        if (request.target.ends_with("/artifacts/0")) reply.cut = 100'000;
        return reply;
    });
    RunOptions options;
    options.away_max_s = 0;
    const Ran ran = run_cli(daemon, {"get", "J", "-n", "0", "-o", directory.path("x")}, options);
    CHECK(ran.exit == 5);
    CHECK(files_in(directory) == 0);
}

TEST_CASE("a job without artifacts says where it stands") {
    const StubDaemon running([](const StubRequest&) {
        return StubReply{200, R"({"id":"J","state":"running","artifacts":[]})"};
    });
    CHECK(run_cli(running, {"get", "J"}).exit == 4);
    const StubDaemon failed([](const StubRequest&) {
        return StubReply{200, R"({"id":"J","state":"failed","failure":{"message":"Unsafe."}})"};
    });
    const Ran ran = run_cli(failed, {"get", "J"});
    CHECK(ran.exit == 3);
    CHECK(ran.err == "genspool: job J is failed and has no artifact: Unsafe.\n");
}
