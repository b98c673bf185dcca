// Purchases of several tasks, and of an upstream that keeps the names of sends: useapi.net's
// pictures on the whole machine.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "proto/useapi/provider.hpp"
#include "tests/workers/engine_world.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Artifact;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;
using tests::FakeAnswer;

namespace {

/// The world knows its provider by one name.
class Useapi : public proto::useapi::UseapiProvider {
public:
    std::string_view name() const override { return "minimax"; }
};

constexpr std::string_view id_stem = "user:1-minimax:301-image:";

std::string completed(const std::string& n) {
    return R"({"statusLabel":"completed","statusFinal":true,"downloadURL":"https://c.example/)" +
           n + "\"}";
}

/// The site as far as pictures go. What it says of picture N stands in `told`; what is not there is
/// not found.
struct Site {
    FakeAnswer answer(const workers::HttpCall& call) {
        const std::string path = call.url.substr(call.url.find('/', 8));
        FakeAnswer said;
        if (path.starts_with("/images/create")) {
            orders.push_back(call.body);
            said.body =
                R"({"imageIds":[")" + id("1") + R"(",")" + id("2") + R"(",")" + id("3") + "\"]}";
            if (loses_answers) said.progress = workers::HttpProgress::sent;
        } else if (path.starts_with("/scheduler/")) {
            said.body = scheduler;
        } else if (path.starts_with("/images/?")) {
            const bool further = path.find("lastImageId") != std::string::npos;
            said.body = further ? R"({"images":[]})" : images;
        } else if (path.starts_with("/music/create")) {
            said.body = R"([{"musicId":")" + id("1") + R"("},{"musicId":")" + id("2") + "\"}]";
        } else if (path.starts_with("/images/") || path.starts_with("/music/")) {
            const auto found = told.find(path.substr(path.rfind(':') + 1));
            said.status = found == told.end() ? 404 : 200;
            said.body = found == told.end() ? R"({"error":"not found"})" : found->second;
        } else if (call.url.starts_with("http://c.example/")) {
            said.status = 301;
        } else if (call.url.starts_with("https://c.example/")) {
            fetched.push_back(path);
            const bool page = pages > 0;
            pages -= page ? 1 : 0;
            said.headers = {{"Content-Type", page ? "text/html" : media_type}};
            said.body = page ? "<html>" : media + path;
        }
        return said;
    }

    static std::string id(const std::string& n) { return std::string(id_stem) + n; }

    std::vector<std::string> orders;
    std::map<std::string, std::string> told;
    std::string media_type = "image/png";
    std::string media = "\x89PNG\r\n\x1a\n";
    int pages = 0;  ///< so many times, an error page comes instead
    std::vector<std::string> fetched;
    bool loses_answers = false;
    std::string scheduler = "[]";
    std::string images = R"({"images":[]})";
};

struct World {
    static EngineWorldOptions options(const Useapi& provider) {
        EngineWorldOptions options;
        options.slots = {{"image", 5}, {"music", 1}};
        options.provider = &provider;
        return options;
    }

    World() {
        engine.upstream().set_stranger(
            [this](const workers::HttpCall& call) { return std::optional(site.answer(call)); });
    }

    proto::JobSeq order() {
        return engine.admit(Kind::image, R"({"prompt":"a kite","quantity":3})");
    }

    Useapi provider;
    Site site;
    EngineWorld engine{options(provider)};
};

std::vector<Artifact::Status> statuses(const proto::JobRecord& job) {
    std::vector<Artifact::Status> found;
    for (const Artifact& artifact : job.artifacts)
        found.push_back(artifact.status);
    return found;
}

}  // namespace

TEST_CASE("all pictures of one purchase come home when the last of them is made") {
    World world;
    world.site.told = {{"1", completed("1")},
                       {"2", completed("2")},
                       {"3", R"({"statusLabel":"processing","statusFinal":false})"}};
    const auto job = world.order();
    world.engine.run_for(2min);
    CHECK(world.engine.state(job) == State::running);
    world.site.told["3"] = completed("3");
    REQUIRE(world.engine.run_until_state(job, State::succeeded, 10min));
    CHECK(world.engine.job(job).artifacts.size() == 3);
    CHECK_FALSE(world.engine.job(job).partial);
    CHECK(world.site.orders.size() == 1);
}

TEST_CASE("a picture that is refused or gone takes none of the others with it") {
    World world;
    world.site.told = {{"1", completed("1")},
                       {"2", R"({"statusLabel":"moderated","statusFinal":true,"message":"no"})"}};
    const auto job = world.order();
    REQUIRE(world.engine.run_until_state(job, State::succeeded, 30min));
    const proto::JobRecord record = world.engine.job(job);
    CHECK(record.partial);
    CHECK(statuses(record) ==
          std::vector{Artifact::Status::home, Artifact::Status::lost, Artifact::Status::lost});
    CHECK(record.artifacts[1].failure->message == "no");
    CHECK(record.artifacts[2].failure->failure == proto::FailureClass::expired);
    CHECK(world.site.orders.size() == 1);
}

TEST_CASE("a page in place of a picture is none, and it is asked for again") {
    World world;
    world.site.told = {{"1", completed("1")}, {"2", completed("2")}, {"3", completed("3")}};
    world.site.pages = 2;
    const auto job = world.order();
    REQUIRE(world.engine.run_until_state(job, State::succeeded, 10min));
    CHECK(world.site.fetched.size() == 5);
    for (const Artifact& artifact : world.engine.job(job).artifacts)
        CHECK(artifact.media_type == "image/png");
}

TEST_CASE("a picture that the host calls by a wrong name comes home as what it is") {
    World world;
    world.site.told = {{"1", completed("1")}, {"2", completed("2")}, {"3", completed("3")}};
    world.site.media = "\xFF\xD8\xFF\xE0 of ";
    const auto job = world.order();
    REQUIRE(world.engine.run_until_state(job, State::succeeded, 10min));
    for (const Artifact& artifact : world.engine.job(job).artifacts)
        CHECK(artifact.media_type == "image/jpeg");
}

TEST_CASE("what a host does not hand out over a plain connection is asked for over TLS") {
    World world;
    for (const char* const n : {"1", "2", "3"})
        world.site.told[n] =
            R"({"statusLabel":"completed","statusFinal":true,"downloadURL":"http://c.example/)" +
            std::string(n) + "\"}";
    const auto job = world.order();
    REQUIRE(world.engine.run_until_state(job, State::succeeded, 10min));
    CHECK(world.site.fetched == std::vector<std::string>{"/1", "/2", "/3"});
}

TEST_CASE("each song of one purchase keeps its title and its words") {
    World world;
    const auto song = [](const std::string& n) {
        return R"({"statusLabel":"completed","statusFinal":true,"title":"song )" + n +
               R"(","audio_url":"https://c.example/)" + n + "\"}";
    };
    world.site.told = {{"1", song("1")}, {"2", song("2")}};
    world.site.media_type = "audio/mpeg";
    world.site.media = "ID3";
    const auto job = world.engine.admit(Kind::music, R"({"prompt":"a kite"})");
    REQUIRE(world.engine.run_until_state(job, State::succeeded, 10min));
    CHECK(world.engine.job(job).result == R"([{"title":"song 1"},{"title":"song 2"}])");
}

TEST_CASE("a picture that is gone is waited for as long as one that is made later") {
    World world;
    world.site.told = {{"1", R"({"statusLabel":"processing","statusFinal":false})"}};
    const auto job = world.order();
    world.engine.run_for(10min);
    CHECK(world.engine.state(job) == State::running);
    world.site.told = {{"1", completed("1")}, {"2", completed("2")}, {"3", completed("3")}};
    REQUIRE(world.engine.run_until_state(job, State::succeeded, 10min));
    CHECK_FALSE(world.engine.job(job).partial);
}

TEST_CASE("a purchase of which nothing comes has failed") {
    World world;
    const auto job = world.order();
    REQUIRE(world.engine.run_until_state(job, State::failed, 30min));
    CHECK(world.engine.job(job).failure->failure == proto::FailureClass::expired);
    CHECK(world.site.orders.size() == 1);
}

TEST_CASE("a send whose answer was lost is found by its name, with all that it bought") {
    World world;
    world.site.loses_answers = true;
    const auto job = world.order();
    REQUIRE(world.engine.run_until_state(job, State::unknown, 1min));
    // Another job's picture of the same words, and one of its own that the scheduler shows.
    const std::string reference = proto::reference_of(world.engine.job(job));
    CHECK(boost::json::parse(world.site.orders.at(0)).at("replyRef").as_string() == reference);
    world.site.scheduler = R"([{"imageId":"user:1-minimax:301-image:9","replyRef":"other#1"},
        {"videoId":")" + Site::id("1") +
                           R"(","replyRef":")" + reference + R"("}])";
    world.site.images = R"({"images":[
        {"imageId":"user:1-minimax:301-image:9","desc":"a kite","batchID":"8"},
        {"imageId":")" + Site::id("2") +
                        R"(","desc":"a big kite","batchID":"7"},
        {"imageId":")" + Site::id("1") +
                        R"(","desc":"a big kite","batchID":"7"}]})";
    world.site.told = {{"1", completed("1")}, {"2", completed("2")}};
    std::size_t tasks = 2;
    SUBCASE("in the list too") {}
    SUBCASE("though there is no list to be read") {
        world.site.images = "[]";
        tasks = 1;
    }
    REQUIRE(world.engine.run_until_state(job, State::succeeded, 30min));
    CHECK(world.engine.job(job).tasks.size() == tasks);
    CHECK(world.engine.job(job).artifacts.size() == tasks);
    CHECK(world.site.orders.size() == 1);
}
