// What of an account's own each op names, and what its answers say that the account has.
#include <doctest/doctest.h>

#include <chrono>

#include "proto/minimax/chat.hpp"
#include "proto/minimax/chat_batch.hpp"
#include "proto/minimax/music.hpp"
#include "proto/minimax/music_cover_preprocess.hpp"
#include "proto/minimax/resources.hpp"
#include "proto/minimax/t2a_async_v2.hpp"
#include "proto/minimax/video_v2.hpp"
#include "proto/minimax/voice_clone.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

/// "FIELD KIND ID;" for each thing; or why the op refuses the request.
std::string names(const Codec& codec, std::string_view request) {
    const auto checked = codec.check(object(request));
    if (!checked) return checked.error().code + " " + checked.error().field;
    std::string found;
    for (const NamedThing& named : checked->names) {
        found += named.field + " " + std::string(to_string(named.thing.kind)) + " " +
                 named.thing.id + ";";
    }
    return found;
}

std::optional<MadeThing> uploaded(const std::string& purpose, Reply reply) {
    static constexpr ResourceParameter parameter{"purpose", "purpose"};
    return minimax::resources().uploaded({{&parameter, purpose}}, reply);
}

}  // namespace

TEST_CASE("a clip to be made larger is a task of an account") {
    const Codec& codec = minimax::video_v2();
    CHECK(names(codec, R"({"model":"MiniMax-H3","resolution":"2K","source_task_id":"T-1"})") ==
          "request.source_task_id task T-1;");
    CHECK(names(codec, R"({"model":"MiniMax-H3","resolution":"768P","duration":5,"content":[
              {"type":"text","text":"t"},
              {"type":"image_url","role":"reference_image","image_url":{"url":"mm_file://7"}},
              {"type":"image_url","role":"reference_image",
               "image_url":{"url":"https://a.example/b.png"}},
              {"type":"audio_url","audio_url":{"url":{"$artifact":"K/2"}}}]})") ==
          "request.content[1].image_url.url file 7;");
}

TEST_CASE("a file is named by its number, whichever way an op wants it") {
    using namespace minimax;
    CHECK(
        names(t2a_async_v2(), R"({"model":"speech-2.8-hd","text_file_id":9007199254740993,
              "voice_setting":{"voice_id":"sailor"}})") ==
        "request.text_file_id file 9007199254740993;request.voice_setting.voice_id voice sailor;");
    CHECK(names(voice_clone(), R"({"voice_id":"old-sailor","file_id":7,
              "clone_prompt":{"prompt_audio":8,"prompt_text":"ahoy"}})") ==
          "request.file_id file 7;request.clone_prompt.prompt_audio file 8;");
    CHECK(names(chat_batch(), R"({"input_file_id":"7"})") == "request.input_file_id file 7;");
    CHECK(names(chat_batch(), R"({"input_file_id":7})") == "request.input_file_id file 7;");
    CHECK(names(chat_batch(),
                R"({"input_file_id":{"$file":"sha256:)" + std::string(64, 'a') + "\"}}") == "");
    CHECK(names(chat(), R"({"model":"MiniMax-M3","messages":[{"role":"user","content":[
              {"type":"video_url","video_url":{"url":"mm_file://7"}}]}]})") ==
          "request.messages[0].content[0].video_url.url file 7;");
    CHECK(names(music(), R"({"model":"music-01","refer_voice":"song-7",
              "refer_instrumental":{"$artifact":"J/0"}})") == "request.refer_voice file song-7;");
}

TEST_CASE("a song that was listened to is a feature, which the account has for a day") {
    using namespace minimax;
    CHECK(names(music(), R"({"model":"music-cover","prompt":"a slow old waltz",
              "lyrics":"la la la la la","cover_feature_id":"f00d"})") ==
          "request.cover_feature_id feature f00d;");
    const auto outcome =
        music_cover_preprocess().on_submit({}, ok(R"({"cover_feature_id":"f00d"})"));
    const MadeThing feature{{Thing::Kind::feature, "f00d"}, std::chrono::hours{24}};
    CHECK(want<Answered>(outcome).made == feature);
}

TEST_CASE("an upload says which file the account has; one that says none leaves nothing") {
    const auto file = uploaded("voice_clone", ok(R"({"file":{"file_id":9007199254740993}})"));
    REQUIRE(file);
    CHECK(file->thing == Thing{Thing::Kind::file, "9007199254740993"});
    CHECK(file->kept > std::chrono::hours{24 * 7});
    CHECK(uploaded("voice", ok(R"({"voice_id":"song-7"})"))->thing.id == "song-7");
    CHECK_FALSE(uploaded("voice_clone", ok(R"({"file":{}})")));
    CHECK_FALSE(uploaded("voice_clone", coded(2013)));
}
