// Jobs that take the files of others.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/workers/engine_world.hpp"
#include "workers/blob_store.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;

namespace {

proto::JobSeq admit_picture(EngineWorld& world) {
    return world.admit(Kind::image, EngineWorld::request(Kind::image, "picture"));
}

std::string artifact(EngineWorld& world, proto::JobSeq job, int n) {
    return R"({"$artifact":")" + world.job(job).id.text() + "/" + std::to_string(n) + R"("})";
}

proto::JobSeq admit_film(EngineWorld& world, proto::JobSeq picture, int n = 0) {
    return world.admit(Kind::video,
                       R"({"model":"MiniMax-Hailuo-02","prompt":"it moves [[ref:film]]",)"
                       R"("first_frame_image":)" +
                           artifact(world, picture, n) + "}");
}

/// The files inside the request that was bought under this ref.
std::vector<std::string> files_sent(const EngineWorld& world, const std::string& ref) {
    for (const auto& truth : world.upstream().records().truths())
        if (truth.ref == ref) return truth.files;
    return {};
}

}  // namespace

TEST_CASE("a picture that was made is the first frame of a film") {
    EngineWorld world;
    const auto picture = admit_picture(world);
    const auto film = admit_film(world, picture, 1);
    CHECK(world.state(film) == State::blocked);
    CHECK(world.run_until_state(film, State::succeeded, 20min));
    CHECK(world.bought("film") == 1);
    CHECK(files_sent(world, "film") == std::vector{world.job(picture).artifacts.at(1).sha256});
    CHECK(world.log().empty());
}

TEST_CASE("a picture that was made is shown in a chat") {
    EngineWorldOptions options;
    options.slots["chat"] = 3;
    EngineWorld world(options);
    const auto picture = admit_picture(world);
    CHECK(world.run_until_state(picture, State::succeeded, 10min));
    const auto talk =
        world.admit(Kind::chat, R"({"model":"MiniMax-M3","messages":[{"role":"user","content":[)"
                                R"({"type":"text","text":"what is it? [[ref:talk]]"},)"
                                R"({"type":"image_url","image_url":{"url":)" +
                                    artifact(world, picture, 1) + "}}]}]}");
    CHECK(world.run_until_state(talk, State::succeeded, 10min));
    CHECK(files_sent(world, "talk") == std::vector{world.job(picture).artifacts.at(1).sha256});
}

TEST_CASE("a song is sung anew, without a word of its type") {
    EngineWorld world;
    const auto song = world.admit(Kind::music, EngineWorld::request(Kind::music, "song"));
    CHECK(world.run_until_state(song, State::succeeded, 10min));
    const auto cover = world.admit(
        Kind::music, R"({"model":"music-cover","prompt":"a slow old waltz [[ref:cover]]",)"
                     R"("audio_base64":)" +
                         artifact(world, song, 0) + "}");
    CHECK(world.run_until_state(cover, State::succeeded, 10min));
    CHECK(files_sent(world, "cover") == std::vector{world.job(song).artifacts.at(0).sha256});
}

TEST_CASE("a file that cannot be used costs nothing, and the job says why") {
    EngineWorldOptions options;
    options.sound_files = false;
    EngineWorld world(options);
    const auto picture = admit_picture(world);
    CHECK(world.run_until_state(picture, State::succeeded, 10min));
    const std::string name = "artifacts/" + world.job(picture).artifacts.at(0).name;
    std::string code;
    std::string words;
    proto::JobSeq film;
    SUBCASE("it is gone") {
        world.files().replace_now(name, std::nullopt);
        film = admit_film(world, picture);
        code = "input.missing";
        words = "is not there any more";
    }
    SUBCASE("it was changed, and is as long as before") {
        world.files().replace_now(name, std::string(world.job(picture).artifacts.at(0).bytes, 'x'));
        film = admit_film(world, picture);
        code = "input.changed";
        words = "is not the file any more that it was";
    }
    SUBCASE("it has grown") {
        world.files().replace_now(name,
                                  std::string(world.job(picture).artifacts.at(0).bytes + 1, 'x'));
        film = admit_film(world, picture);
        code = "input.changed";
        words = "is not the file any more that it was";
    }
    SUBCASE("it is of another kind") {
        const auto song = world.admit(Kind::music, EngineWorld::request(Kind::music, "song"));
        film = admit_film(world, song);
        code = "input.type";
        words = "request.first_frame_image: artifact 0 of ";
    }
    CHECK(world.run_until_state(film, State::failed, 20min));
    const proto::JobRecord record = world.job(film);
    CHECK(record.failure->failure == proto::FailureClass::rejected);
    CHECK(record.failure->code == code);
    CHECK(record.failure->message.find(words) != std::string::npos);
    CHECK(record.charged == 0);
    CHECK(world.bought("film") == 0);
}

TEST_CASE("a file that was handed in is the first frame of a film, in the next life as well") {
    EngineWorld world;
    const std::string png = "\x89PNG\r\n\x1A\n of a fox";
    const std::string name = world.hand_in(png);
    const std::string sha256 = name.substr(name.find(':') + 1);
    const std::string path = workers::blob_path(sha256);
    CHECK(world.files().durable_now(path) == png);
    const auto film =
        world.admit(Kind::video, R"({"model":"MiniMax-Hailuo-02","prompt":"it moves [[ref:film]]",)"
                                 R"("first_frame_image":{"$file":")" +
                                     name + R"("}})");
    SUBCASE("in one life") {}
    SUBCASE("after the power went") {
        world.crash(true, 7);
    }
    SUBCASE("gone, and handed in again before a retry") {
        world.files().replace_now(path, std::nullopt);
        CHECK(world.run_until_state(film, State::failed, 10min));
        CHECK(world.job(film).failure->code == "input.missing");
        CHECK(world.bought("film") == 0);
        CHECK(world.hand_in(png) == name);
        CHECK(world.act(film, queue::Verb::retry).errc == queue::Errc::ok);
    }
    SUBCASE("damaged, and handed in again before a retry") {
        world.files().replace_now(path, std::string(png.size(), 'x'));
        CHECK(world.run_until_state(film, State::failed, 10min));
        CHECK(world.job(film).failure->code == "input.changed");
        CHECK(world.hand_in(png) == name);
        CHECK(world.act(film, queue::Verb::retry).errc == queue::Errc::ok);
    }
    CHECK(world.run_until_state(film, State::succeeded, 20min));
    CHECK(world.bought("film") == 1);
    CHECK(files_sent(world, "film") == std::vector{sha256});
}

TEST_CASE("files inside requests share a bounded memory, and wait for it in line") {
    EngineWorldOptions options;
    options.input_bytes_max = 1;
    options.slots["video"] = 6;
    EngineWorld world(options);
    const auto picture = admit_picture(world);
    std::vector<proto::JobSeq> films;
    for (int n = 0; n < 6; ++n)
        films.push_back(admit_film(world, picture));
    std::size_t most = 0;
    const auto all_end = [&] {
        std::size_t under_way = 0;
        bool done = true;
        for (const proto::JobSeq film : films) {
            if (world.state(film) == State::submitting) ++under_way;
            done = done && world.state(film) == State::succeeded;
        }
        most = std::max(most, under_way);
        return done;
    };
    CHECK(world.run_until(all_end, 30min));
    CHECK(most == 1);
    CHECK(world.bought("film") == 6);
}

TEST_CASE("a death while a file is put into a request leaves nothing bought") {
    EngineWorld world;
    const auto picture = admit_picture(world);
    CHECK(world.run_until_state(picture, State::succeeded, 10min));
    const auto film = admit_film(world, picture);
    for (int n = 0; n < 10'000 && world.state(film) != State::preparing; ++n)
        world.run_handlers(1);
    REQUIRE(world.state(film) == State::preparing);
    SUBCASE("of the process") {
        world.crash(false, 1);
    }
    SUBCASE("of the machine") {
        world.crash(true, 1);
    }
    SUBCASE("that is a stop") {
        world.restart(1s);
    }
    CHECK(world.run_until_state(film, State::succeeded, 20min));
    CHECK(world.bought("film") == 1);
    CHECK(world.cut_paid() == 0);
}
