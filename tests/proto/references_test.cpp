#include "proto/references.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <stdexcept>
#include <vector>

#include "proto/batch_line.hpp"
#include "tests/proto/admission_world.hpp"

using namespace genspool::proto;
namespace json = boost::json;

namespace {

json::object object(std::string_view text) {
    return json::parse(text).as_object();
}

constexpr std::string_view two =
    R"({"n":1e3,"z":{"$artifact":"a/b/0"},"c":[{"u":{"url":{"$artifact":"J/12"}}},"t"],"r":0.1})";

}  // namespace

TEST_CASE("the references of a request are found where they stand, in its own order") {
    const auto found = find_references(object(two));
    REQUIRE(found.has_value());
    CHECK(*found ==
          std::vector<Reference>{{"request.z", "a/b", 0, {}}, {"request.c[0].u.url", "J", 12, {}}});
    CHECK(find_references(object(R"({"prompt":"$artifact","x":["$file"]})"))->empty());
}

TEST_CASE("a file that was handed in is named by its SHA-256") {
    const std::string digits(32, 'a');
    const auto found = find_references(
        object(R"({"image":{"$file":"sha256:)" + digits + std::string(32, 'B') + R"("}})"));
    REQUIRE(found.has_value());
    CHECK(*found ==
          std::vector<Reference>{{"request.image", "", 0, digits + std::string(32, 'b')}});
    CHECK(file_name_of((*found)[0].sha256) == "sha256:" + digits + std::string(32, 'b'));

    const std::vector<std::string> none = {R"("a.png")", R"("sha256:ab")", "7",
                                           R"("SHA256:)" + std::string(64, 'a') + '"',
                                           R"("sha256:)" + std::string(63, 'a') + R"(g")"};
    for (const std::string& value : none) {
        const auto refused = find_references(object(R"({"image":{"$file":)" + value + "}}"));
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().field == "request.image");
        CHECK(refused.error().message.find("PUT /v1/blobs") != std::string::npos);
    }
    const auto both = find_references(object(R"({"image":{"$file":"sha256:)" +
                                             std::string(64, 'a') + R"(","$artifact":"J/0"}})"));
    CHECK_FALSE(both.has_value());
}

TEST_CASE("there are at most 20 references in a request") {
    json::array many(20, json::value{{"$artifact", "J/0"}});
    json::object request{{"many", many}};
    CHECK(find_references(request)->size() == 20);
    request["more"] = {{"$artifact", "J/0"}};
    const auto refused = find_references(request);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().field == "request.more");
}

TEST_CASE("texts are put in the places of references, and all else is as it was") {
    const std::vector<FileText> texts{{"first"}, {"data:\"2\""}};
    CHECK(fill_references(object(two), texts) ==
          R"({"n":1000,"z":"first","c":[{"u":{"url":"data:\"2\""}},"t"],"r":0.1})");
    CHECK(fill_references(object(two), {{"9007199254740993", true}, {"7"}}) ==
          R"({"n":1000,"z":9007199254740993,"c":[{"u":{"url":"7"}},"t"],"r":0.1})");
    CHECK_THROWS_AS(fill_references(object(two), {{"1e3", true}, {"7"}}), std::logic_error);
    CHECK_THROWS_AS(fill_references(object(two), {}), std::logic_error);
    const std::vector<FileText> too_many{{"1"}, {"2"}, {"3"}};
    CHECK_THROWS_AS(fill_references(object(two), too_many), std::logic_error);
}

TEST_CASE("a job tells of the files it takes, in the words of its line") {
    const genspool::tests::AdmissionWorld world;
    const auto job =
        parse_line(R"({"kind":"video","request":{"prompt":"p","image":{"$artifact":"shot 1/0"}}})",
                   world.context());
    REQUIRE(job.has_value());
    REQUIRE(job->inputs.size() == 1);
    CHECK(job->inputs[0].reference == Reference{"request.image", "shot 1", 0, {}});
    CHECK(job->inputs[0].rule.family == "image");
    CHECK(job->spec.request == R"({"prompt":"p","image":{"$artifact":"shot 1/0"}})");

    const auto line = parse_line(R"({"custom_id":"b","method":"POST","url":"/v1/video_generation",)"
                                 R"("body":{"prompt":"p","image":{"$artifact":"J/1"}}})",
                                 world.context());
    REQUIRE(line.has_value());
    REQUIRE(line->inputs.size() == 1);
    CHECK(line->inputs[0].reference == Reference{"body.image", "J", 1, {}});
}
