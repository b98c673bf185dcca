#include "workers/output_name.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

using genspool::workers::output_name;
using genspool::workers::OutputFacts;
using genspool::workers::part_name;
namespace proto = genspool::proto;
namespace workers = genspool::workers;

namespace {

OutputFacts facts() {
    OutputFacts facts;
    facts.id = "01J0000000000000000000000A";
    facts.batch = "01JB000000000000000000000B";
    facts.custom_id = "shot-017";
    facts.kind = "video";
    facts.ext = ".mp4";
    return facts;
}

}  // namespace

TEST_CASE("every name in braces is filled in") {
    OutputFacts known = facts();
    known.n = 2;
    known.several = true;

    CHECK(output_name("{id}{-n}{ext}", known, 1) == "01J0000000000000000000000A-2.mp4");
    CHECK(output_name("{batch}/{kind}/{custom_id}_{n}{ext}", known, 1) ==
          "01JB000000000000000000000B/video/shot-017_2.mp4");
}

TEST_CASE("the only artifact of a job bears no number") {
    CHECK(output_name("{id}{-n}{ext}", facts(), 1) == "01J0000000000000000000000A.mp4");
}

TEST_CASE("a taken name gets a number before its extension") {
    CHECK(output_name("{custom_id}{ext}", facts(), 2) == "shot-017~2.mp4");
    CHECK(output_name("{custom_id}.v1", facts(), 3) == "shot-017.v1~3");
}

TEST_CASE("a value cannot leave its place in the path") {
    OutputFacts known = facts();
    known.custom_id = "../../etc/passwd";
    CHECK(output_name("{custom_id}{ext}", known, 1) == "%2E.%2F..%2Fetc%2Fpasswd.mp4");
    known.custom_id = ".hidden name";
    CHECK(output_name("{custom_id}{ext}", known, 1) == "%2Ehidden%20name.mp4");
    known.custom_id = "caf\xC3\xA9";
    CHECK(output_name("{custom_id}{ext}", known, 1) == "caf%C3%A9.mp4");
}

TEST_CASE("a value that is missing has a stand-in") {
    OutputFacts known = facts();
    known.custom_id.clear();
    known.batch.clear();
    CHECK(output_name("{batch}/{custom_id}{ext}", known, 1) ==
          "none/01J0000000000000000000000A.mp4");
}

TEST_CASE("a name that would be hidden or empty begins with the job's id") {
    CHECK(output_name("{-n}{ext}", facts(), 1) == "01J0000000000000000000000A.mp4");
}

TEST_CASE("a value too long for a file system is cut") {
    OutputFacts known = facts();
    known.custom_id = std::string(1'000, 'x');
    const std::string name = output_name("{custom_id}{ext}", known, 2);
    CHECK(name.size() <= 255);
    CHECK(name.ends_with("x~2.mp4"));
    const std::string text(190, 'y');
    CHECK(output_name("{custom_id}" + text, known, 99'999).size() <= 255);
    CHECK(output_name("{custom_id}" + text + "/{n}", known, 1).size() <= 255);
}

TEST_CASE("the directory of an artifact does not depend on its media type") {
    OutputFacts known = facts();
    const std::string typed = output_name("a{ext}/{id}{ext}", known, 1);
    known.ext.clear();
    const std::string untyped = output_name("a{ext}/{id}{ext}", known, 1);

    CHECK(typed.substr(0, typed.find('/')) == "a");
    CHECK(untyped.substr(0, untyped.find('/')) == "a");
}

TEST_CASE("a part lies hidden beside its final name and belongs to one artifact") {
    CHECK(part_name("film/shot.mp4", "ID", 3) == "film/.ID-3.part");
    CHECK(part_name("shot.mp4", "ID", 0) == ".ID-0.part");
}

TEST_CASE("a part tells whose it is by its name") {
    const auto job = proto::JobId::make(proto::Instant{std::chrono::hours{1'000}}, {7}, 3);
    for (const char* place : {"shot.mp4", "artifacts/film/shot.mp4"}) {
        const auto part = workers::part_of(part_name(place, job.text(), 12));
        REQUIRE(part.has_value());
        CHECK(part->job == job);
        CHECK(part->n == 12);
    }
    const std::string id = job.text();
    for (const std::string& other :
         {id + "-1.part", "." + id + "-1.parts", "." + id + "-.part", "." + id + ".part",
          "." + id.substr(1) + "-1.part", std::string(".part"), std::string()}) {
        CAPTURE(other);
        CHECK_FALSE(workers::part_of(other).has_value());
    }
}
