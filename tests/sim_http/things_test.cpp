// What one account has no other can name.
#include <doctest/doctest.h>

#include "tests/sim_http/model_client.hpp"

using namespace genspool::tests;

TEST_CASE("a clip is made larger by the account that has bought it, once it is there") {
    ModelClient client(instant_options());
    const auto clip =
        text_of(body_of(client.post("/v2/video_generation",
                                    R"({"model":"MiniMax-H3","resolution":"768P","duration":4,)"
                                    R"("content":[{"type":"text","text":"a kite [[slow:60]]"}]})")),
                "task_id");
    REQUIRE_FALSE(clip.empty());
    const auto larger = [&](const std::string& source) {
        const auto reply =
            client.post("/v2/video_regeneration", R"({"model":"MiniMax-H3","resolution":"2K",)"
                                                  R"("source_task_id":")" +
                                                      source + "\"}");
        return reply.status == 200;
    };
    CHECK_FALSE(larger(clip));
    client.pass(std::chrono::seconds{61});
    client.key = "another";
    CHECK_FALSE(larger(clip));
    client.key = "key";
    CHECK_FALSE(larger("7"));
    CHECK(larger(clip));
    CHECK(client.records.truths().size() == 2);
}

TEST_CASE("a song that one account had listened to is known to no other") {
    ModelClient client(instant_options());
    const auto heard = body_of(
        client.post("/v1/music_cover_preprocess",
                    R"({"model":"music-cover","audio_url":"https://songs.example/a.mp3"})"));
    const auto cover = [&] {
        return code_of(client.post(
            "/v1/music_generation",
            R"({"model":"music-cover","prompt":"a slow waltz","lyrics":"la la la la la",)"
            R"("cover_feature_id":")" +
                text_of(heard, "cover_feature_id") + "\"}"));
    };
    client.key = "another";
    CHECK(cover() == 2013);
    client.key = "key";
    CHECK(cover() == 0);
}
