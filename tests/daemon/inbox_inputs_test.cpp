// Dropped jobs that name files of the watch folder.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/daemon/inbox_world.hpp"
#include "workers/blob_store.hpp"
#include "workers/digest.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using tests::InboxWorld;
namespace fs = std::filesystem;

namespace {

const std::string png = "\x89PNG\r\n\x1A\n of a fox";

std::string job_with(const std::string& path) {
    return R"({"kind":"video","provider":"minimax","request":{"model":"MiniMax-Hailuo-02",)"
           R"("prompt":"p","first_frame_image":{"$file":")" +
           path + "\"}}}\n";
}

void put(const InboxWorld& world, const std::string& name, std::string_view bytes) {
    fs::create_directories(fs::path(world.state.path("inbox/" + name)).parent_path());
    world.write("inbox/" + name, bytes);
    world.age("inbox/" + name, 1h);
}

std::vector<queue::RefusedLine> refused(InboxWorld& world) {
    std::vector<queue::RefusedLine> lines;
    const auto batch = world.only_batch().seq;
    world.queue.read(
        [&](const queue::Reader& reader) { lines = reader.refused_lines(batch, 0, 100); });
    return lines;
}

}  // namespace

TEST_CASE("a dropped job takes a file that lies in a directory of the watch folder") {
    InboxWorld world;
    world.start_inbox();
    put(world, "photos/reel 3/a.png", png);
    world.drop("films.jsonl",
               job_with("photos/reel 3/a.png") + job_with("photos/../photos/reel 3/a.png") +
                   R"({"custom_id":"x","method":"POST","url":"/v1/video_generation","body":)"
                   R"({"model":"MiniMax-Hailuo-02","prompt":"p",)"
                   R"("first_frame_image":{"$file":"photos/reel 3/a.png"}}})");
    world.quiesce();

    const auto jobs = world.jobs(world.only_batch().seq);
    REQUIRE(jobs.size() >= 2);
    for (const auto& job : jobs) {
        REQUIRE(job.record.inputs.size() == 1);
        CHECK(job.record.inputs[0].sha256 == workers::sha256_hex(png));
        CHECK(job.record.inputs[0].media_type == "image/png");
    }
    CHECK(world.read(workers::blob_path(workers::sha256_hex(png))) == png);
    CHECK(world.exists("inbox/photos/reel 3/a.png"));
    CHECK(world.exists("accepted/films.jsonl"));
}

TEST_CASE("an array's elements take files as well, each named file is handed in once") {
    InboxWorld world;
    world.start_inbox();
    put(world, "a/a.png", png);
    std::string array = "[";
    for (int n = 0; n < 100; ++n)
        array += (n == 0 ? "" : ",") + job_with("a/a.png");
    world.drop("films.json", array + "]");
    world.quiesce();
    CHECK(world.jobs(world.only_batch().seq).size() == 100);
    CHECK(world.names("blobs").size() == 1);
}

TEST_CASE("no path leads out of the watch folder, and what cannot be taken is told by its place") {
    InboxWorld world;
    world.write("secret.png", png);
    world.start_inbox();
    put(world, "a/a.png", png);
    fs::create_symlink(world.state.path("secret.png"), world.state.path("inbox/a/link.png"));
    fs::create_directory_symlink(world.state.path("."), world.state.path("inbox/a/up"));
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"a/none.png", "is not there"},       {"../secret.png", "leads out of it"},
        {"a/link.png", "leads out of it"},    {"a/up/secret.png", "leads out of it"},
        {"/etc/hostname", "leads out of it"}, {"a", "is no regular file"},
        {"", "is no regular file"},
    };
    std::string lines;
    for (const auto& [path, why] : cases)
        lines += job_with(path);
    world.drop("films.jsonl", lines + job_with("a/a.png"));
    world.quiesce();

    const auto found = refused(world);
    REQUIRE(found.size() == cases.size());
    for (std::size_t n = 0; n < cases.size(); ++n) {
        CAPTURE(cases[n].first);
        CHECK(found[n].line == n + 1);
        CHECK(found[n].field == "request.first_frame_image");
        CHECK(found[n].message.find(cases[n].second) != std::string::npos);
    }
    CHECK(world.jobs(world.only_batch().seq).size() == 1);
}

TEST_CASE("a file that was written to a moment ago is waited for, and others go on meanwhile") {
    InboxWorld world;
    world.start_inbox();
    put(world, "a/a.png", png);
    put(world, "a/b.png", png.substr(0, 12));
    fs::last_write_time(world.state.path("inbox/a/b.png"), fs::file_time_type::clock::now());
    world.drop("a.jsonl", job_with("a/b.png"));
    world.quiesce();
    CHECK(world.batches(false).empty());
    world.drop("b.jsonl", job_with("a/a.png"));
    world.quiesce();
    REQUIRE(world.batches(false).size() == 1);
    CHECK(world.batches(false)[0].name == "b.jsonl");

    put(world, "a/b.png", png + " and a kite");
    world.advance(11s);
    REQUIRE(world.batches(false).size() == 2);
    const auto batches = world.batches(false);
    const auto& taken = batches[0].name == "a.jsonl" ? batches[0] : batches[1];
    const auto jobs = world.jobs(taken.seq);
    CHECK(jobs.at(0).record.inputs.at(0).sha256 == workers::sha256_hex(png + " and a kite"));
}

TEST_CASE("of too many files of one job none is copied") {
    InboxWorld world;
    world.start_inbox();
    put(world, "a/a.png", png);
    std::string many = R"({"kind":"image","request":{"x":[)";
    for (int n = 0; n < 21; ++n)
        many += R"({"$file":"a/a.png"},)";
    many.back() = ']';
    world.drop("films.jsonl", many + "}}\n");
    world.quiesce();
    REQUIRE(refused(world).size() == 1);
    CHECK(refused(world)[0].field == "request.x[20]");
    CHECK_FALSE(world.exists("blobs"));
}

TEST_CASE("a file that does not fit its place is refused before anything is bought") {
    InboxWorld world;
    world.start_inbox();
    put(world, "a/a.wav", "RIFF1234WAVE of a fox");
    world.drop("films.jsonl", job_with("a/a.wav"));
    world.quiesce();
    const auto found = refused(world);
    REQUIRE(found.size() == 1);
    CHECK(found[0].code == "input.type");
    CHECK(found[0].message.find("is of type audio/wav") != std::string::npos);
}

TEST_CASE("an import that is cut off between a file and its job takes both once") {
    InboxWorld world;
    put(world, "a/a.png", png);
    world.drop("films.jsonl", job_with("a/a.png"));
    world.age("inbox/films.jsonl", 1h);
    for (int commands = 1; world.batches(false).empty(); ++commands) {
        REQUIRE(commands < 20);
        world.queue.cut_after(commands);
        world.start_inbox();
        world.stop();
        world.queue.cut_after(std::nullopt);
    }
    world.start_inbox();
    CHECK(world.jobs(world.only_batch().seq).size() == 1);
    CHECK(world.names("blobs").size() == 1);
}
