#include "proto/useapi/music.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;
using useapi::music;

namespace {

std::string check(std::string_view request) {
    return verdict(music(), object(request));
}

std::string poll(std::string body) {
    return polled(music(), music_id, ok(std::move(body)));
}

std::string text(std::string_view name, std::size_t characters) {
    return "\"" + std::string(name) + "\":\"" + std::string(characters, 'a') + "\"";
}

}  // namespace

TEST_CASE("a song needs a prompt or lyrics, within their lengths") {
    CHECK(check("{}") == "missing request.prompt");
    CHECK(check(R"({"lyrics":"la"})").empty());
    CHECK(check("{" + text("prompt", 2000) + "," + text("lyrics", 3500) + "," + text("title", 40) +
                R"(,"instrumental":true,"tracks":2,"stream":false})")
              .empty());
    CHECK(check("{" + text("prompt", 2001) + "}") == "too_long request.prompt");
    CHECK(check("{" + text("lyrics", 3501) + "}") == "too_long request.lyrics");
    CHECK(check("{" + text("prompt", 1) + "," + text("title", 41) + "}") ==
          "too_long request.title");
    CHECK(check(R"({"prompt":"p","instrumental":"yes"})") == "invalid request.instrumental");
    CHECK(check(R"({"prompt":"p","stream":true})") == "not_available request.stream");
    CHECK(check(R"({"prompt":"p","replyUrl":"x"})") == "owned_by_genspool request.replyUrl");
    CHECK(music().check(object(R"({"prompt":"p"})"))->price_key == "useapi.music/music-3.0");
}

TEST_CASE("a song is told as an object, or as several in an array") {
    CHECK(sent(music(), R"({"prompt":"p"})").target == "/music/create");
    const auto bought = [](std::string body) {
        return music().on_submit(spec("{}"), reply(201, std::move(body)));
    };
    CHECK(want<Taken>(bought(R"({"musicId":"a"})")).tasks == std::vector<std::string>{"a"});
    CHECK(want<Taken>(bought(R"([{"musicId":"a"},{"musicId":"b"},7,{}])")).tasks ==
          std::vector<std::string>{"a", "b"});
    for (const char* body : {"[]", "[{}]", "[\"a\"]", "{}", "null"})
        CHECK(want<Refusal>(bought(body)).on_create == OnCreate::ambiguous);
}

TEST_CASE("a song is finished when its word is, and has its sound") {
    CHECK(poll(R"({"statusLabel":"processing","statusFinal":false})") == "running processing");
    CHECK(poll(R"({"statusLabel":"completed","statusFinal":true,
        "audio_url":"https://c.example/s.mp3"})") == "done user:1-minimax:301-music:6 audio/mpeg,");
    CHECK(poll(R"({"statusLabel":"completed","statusFinal":true,
        "audioURL":"https://c.example/s.mp3"})") == "done user:1-minimax:301-music:6 audio/mpeg,");
    CHECK(poll(R"({"statusLabel":"ended","statusFinal":true,
        "audio_url":"https://c.example/s.mp3"})") == "running? ended");
    CHECK(poll(R"({"statusLabel":"moderated","statusFinal":true})") == "failed task.moderated");
    CHECK(poll(R"({"statusLabel":"failed","statusFinal":true})") == "failed task.failed");
    const auto done = music().on_poll(
        task(music_id), ok(R"({"statusLabel":"completed","statusFinal":true,"title":"T",
            "lyrics":"la","audio_url":"https://c.example/s.mp3"})"));
    CHECK(want<TaskDone>(done).result == R"({"title":"T","lyrics":"la"})");
    CHECK(want<Link>(music().on_link(source(music_id), ok(R"({"audioURL":"https://c.example/b.mp3",
              "audio_url":"https://c.example/a.mp3"})")))
              .url == "https://c.example/a.mp3");
    CHECK_FALSE(music().cancel(task(music_id), "processing").has_value());
}
