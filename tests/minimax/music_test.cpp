#include "proto/minimax/music.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::music();
}

constexpr std::string_view song =
    R"({"model":"music-2.6","prompt":"a slow waltz","lyrics":"la la la la la"})";
constexpr std::string_view fine = R"("base_resp":{"status_code":0,"status_msg":"success"}})";

std::string checked(std::string_view change) {
    return verdict(codec(), changed(object(song), change));
}

std::string text(std::size_t length) {
    return "\"" + std::string(length, 'x') + "\"";
}

}  // namespace

TEST_CASE("a wrong music request is refused by the name of its field") {
    struct Case {
        std::string_view change;
        std::string_view verdict;
    };
    const Case cases[] = {
        {"{}", ""},
        {R"({"model":null})", "missing request.model"},
        {R"({"lyrics":null})", "missing request.lyrics"},
        {R"({"lyrics":""})", "invalid request.lyrics"},
        {R"({"lyrics":null,"is_instrumental":true})", ""},
        {R"({"lyrics":null,"lyrics_optimizer":true})", ""},
        {R"({"lyrics":null,"lyrics_optimizer":false})", "missing request.lyrics"},
        {R"({"prompt":null})", ""},
        {R"({"prompt":null,"is_instrumental":true})", "missing request.prompt"},
        {R"({"prompt":"","is_instrumental":true})", "missing request.prompt"},
        {R"({"model":"music-3.0-free","prompt":null})", ""},
        {R"({"model":"music-1.5","prompt":null})", "missing request.prompt"},
        {R"({"model":"music-1.5","prompt":"short"})", "invalid request.prompt"},
        {R"({"model":"music-1.5","lyrics":"short"})", "invalid request.lyrics"},
        {R"({"model":"music-2.0","is_instrumental":true})", "invalid request.is_instrumental"},
        {R"({"model":"music-1.5","lyrics_optimizer":true})", "invalid request.lyrics_optimizer"},
        {R"({"model":"music-cover"})", "missing request.audio_url"},
        {R"({"model":"music-cover-free","audio_url":"https://e.com/a.mp3","lyrics":null})", ""},
        {R"({"model":"music-cover","audio_url":"a.mp3"})", "invalid request.audio_url"},
        {R"({"model":"music-cover","audio_base64":"SUQz"})", ""},
        {R"({"model":"music-cover","audio_base64":"?"})", "invalid request.audio_base64"},
        {R"({"model":"music-cover","audio_url":"https://e.com/a","cover_feature_id":"c"})",
         "invalid request.audio_url"},
        {R"({"model":"music-cover","cover_feature_id":"c","lyrics":null})",
         "missing request.lyrics"},
        {R"({"model":"music-cover","audio_base64":"SUQz","prompt":"short"})",
         "invalid request.prompt"},
        {R"({"model":"music-01","prompt":null,"lyrics":null})", "missing request.refer_voice"},
        {R"({"model":"music-01","prompt":null,"refer_voice":"vocal-1"})", ""},
        {R"({"model":"music-01","refer_instrumental":{"$artifact":"J/0"}})", ""},
        {R"({"model":"music-01","refer_voice":7})", "invalid request.refer_voice"},
        {R"({"audio_url":"https://e.com/a.mp3"})", "invalid request.audio_url"},
        {R"({"stream":true})", ""},
        {R"({"stream":true,"output_format":"url"})", "invalid request.output_format"},
        {R"({"output_format":"wav"})", "invalid request.output_format"},
        {R"({"audio_setting":{"sample_rate":44100,"bitrate":256000,"format":"wav"}})", ""},
        {R"({"audio_setting":{"sample_rate":48000}})", "invalid request.audio_setting.sample_rate"},
        {R"({"audio_setting":{"format":"flac"}})", "invalid request.audio_setting.format"},
        {R"({"is_instrumental":"yes"})", "invalid request.is_instrumental"},
        {R"({"model":"music-9","prompt":null,"lyrics":null})", ""},
    };
    for (const Case& each : cases) {
        CAPTURE(each.change);
        CHECK(checked(each.change) == each.verdict);
    }
}

TEST_CASE("how long words may be depends on the model") {
    struct Case {
        std::string_view model;
        std::size_t prompt_max;
        std::size_t lyrics_max;
    };
    const Case cases[] = {{"music-1.5", 300, 600},   {"music-2.0", 2000, 3000},
                          {"music-2.5", 2000, 3500}, {"music-2.5+", 2000, 3500},
                          {"music-2.6", 2000, 3500}, {"music-3.0", 2000, 3500}};
    for (const Case& each : cases) {
        CAPTURE(each.model);
        const auto with = [&](std::size_t prompt, std::size_t lyrics) {
            return checked(R"({"model":")" + std::string{each.model} + R"(","prompt":)" +
                           text(prompt) + R"(,"lyrics":)" + text(lyrics) + "}");
        };
        CHECK(with(each.prompt_max, each.lyrics_max) == "");
        CHECK(with(each.prompt_max + 1, each.lyrics_max) == "too_long request.prompt");
        CHECK(with(each.prompt_max, each.lyrics_max + 1) == "too_long request.lyrics");
    }
}

TEST_CASE("a song may take ten minutes on one open request") {
    const Call call = codec().submit(spec(std::string{song}));
    CHECK(call.target == "/v1/music_generation");
    CHECK(call.first_byte == std::chrono::minutes{10});
    CHECK(call.body.starts_with(R"({"output_format":"hex","model")"));
    CHECK(call.reply_bytes_max == (64U << 20U));
}

TEST_CASE("a song comes with the reply, its length stated as music_size") {
    const Reply good =
        ok(R"({"data":{"audio":"494433","status":2},"extra_info":{"music_size":3},)" +
           std::string{fine});
    const auto outcome = codec().on_submit(spec(std::string{song}), good);
    REQUIRE(want<Delivered>(outcome).artifacts.size() == 1);
    CHECK(want<Delivered>(outcome).artifacts[0].media_type == "audio/mpeg");
    CHECK(std::get<std::string>(codec().extract(spec("{}"), good, 0)) == "ID3");

    const Reply cut = ok(R"({"data":{"audio":"4944","status":2},"extra_info":{"music_size":3},)" +
                         std::string{fine});
    CHECK(std::get<Failure>(codec().extract(spec("{}"), cut, 0)).code == "artifact.length");
}

TEST_CASE("a streamed song is put together, and its end is told by its state") {
    Reply streamed =
        ok("data: {\"data\":{\"audio\":\"4944\",\"status\":1},\"extra_info\":null}\n\n"
           "data: {\"data\":{\"audio\":\"494433\",\"status\":2},"
           "\"extra_info\":{\"music_size\":3}," +
           std::string{fine} + "\n\n");
    const auto outcome = codec().on_submit(spec(std::string{song}), streamed);
    CHECK(want<Delivered>(outcome).artifacts.size() == 1);
    CHECK(std::get<std::string>(codec().extract(spec("{}"), streamed, 0)) == "ID3");
    CHECK(codec().submit(spec(R"({"stream":true})")).reply_bytes_max == (128U << 20U));
}

TEST_CASE("a song still in progress without audio was bought and is nothing") {
    const auto outcome = codec().on_submit(
        spec(std::string{song}), ok(R"({"data":{"audio":"","status":1},)" + std::string{fine}));
    CHECK(want<Refusal>(outcome).on_create == OnCreate::taken_failed);
}
