#include "proto/minimax/t2a_v2.hpp"

#include <doctest/doctest.h>

#include <boost/json/serialize.hpp>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::t2a_v2();
}

constexpr std::string_view hello = R"({"model":"speech-2.8-hd","text":"Hello"})";

std::string checked(std::string_view change) {
    return verdict(codec(), changed(object(hello), change));
}

std::string voice(std::string_view fields) {
    return checked(R"({"voice_setting":{)" + std::string{fields} + "}}");
}

std::string audio(std::string_view fields) {
    return checked(R"({"audio_setting":{)" + std::string{fields} + "}}");
}

constexpr std::string_view fine = R"("base_resp":{"status_code":0,"status_msg":"success"}})";

Reply spoken(std::string_view hex, std::string_view size) {
    return ok(R"({"data":{"audio":")" + std::string{hex} +
              R"(","status":2,"subtitle_file":"https://e.com/s"},"extra_info":)"
              R"({"audio_length":11124,"audio_size":)" +
              std::string{size} +
              R"(,"usage_characters":5,"audio_format":"mp3"},"trace_id":"01b8",)" +
              std::string{fine});
}

}  // namespace

TEST_CASE("a wrong speech request is refused by the name of its field") {
    struct Case {
        std::string_view change;
        std::string_view verdict;
    };
    const Case cases[] = {
        {"{}", ""},
        {R"({"model":null})", "missing request.model"},
        {R"({"text":null})", "missing request.text"},
        {R"({"text":""})", "invalid request.text"},
        {R"({"stream":false})", ""},
        {R"({"stream":true})", ""},
        {R"({"stream":true,"output_format":"url"})", "invalid request.output_format"},
        {R"({"stream":true,"subtitle_type":"word_streaming"})", ""},
        {R"({"stream_options":{"exclude_aggregated_audio":1}})",
         "invalid request.stream_options.exclude_aggregated_audio"},
        {R"({"stream":"no"})", "invalid request.stream"},
        {R"({"output_format":"hex"})", ""},
        {R"({"output_format":"url"})", ""},
        {R"({"output_format":"base64"})", "invalid request.output_format"},
        {R"({"language_boost":"Chinese,Yue"})", ""},
        {R"({"language_boost":1})", "invalid request.language_boost"},
        {R"({"subtitle_enable":1})", "invalid request.subtitle_enable"},
        {R"({"subtitle_type":"word_streaming"})", "invalid request.subtitle_type"},
        {R"({"voice_setting":"male"})", "invalid request.voice_setting"},
        {R"({"pronunciation_dict":{"tone":["omg/oh my god"]}})", ""},
        {R"({"pronunciation_dict":{"tone":"omg"}})", "invalid request.pronunciation_dict.tone"},
        {R"({"pronunciation_dict":{"tone":[1]}})", "invalid request.pronunciation_dict.tone"},
        {R"({"timbre_weights":[{"voice_id":"a","weight":1}]})", ""},
        {R"({"timbre_weights":[]})", "invalid request.timbre_weights"},
        {R"({"timbre_weights":[{"voice_id":"a","weight":101}]})",
         "invalid request.timbre_weights[0].weight"},
        {R"({"timber_weights":[{"voice_id":"a"}]})", "missing request.timber_weights[0].weight"},
        {R"({"timbre_weights":[3]})", "invalid request.timbre_weights[0]"},
        {R"({"timbre_weights":[{},{},{},{},{}]})", "invalid request.timbre_weights"},
        {R"({"timbre_weights":[{"voice_id":"a","weight":9}],"voice_setting":{"voice_id":""}})", ""},
        {R"({"voice_modify":{"pitch":-100,"sound_effects":"robotic"}})", ""},
        {R"({"voice_modify":{"timbre":101}})", "invalid request.voice_modify.timbre"},
        {R"({"voice_modify":{"sound_effects":"cave"}})",
         "invalid request.voice_modify.sound_effects"},
        {R"({"voice_modify":{},"audio_setting":{"format":"pcm"}})", "invalid request.voice_modify"},
        {R"({"model":"speech-9-omni","field_of_tomorrow":true})", ""},
    };
    for (const Case& each : cases) {
        CAPTURE(each.change);
        CHECK(checked(each.change) == each.verdict);
    }
    boost::json::object null_format = object(hello);
    null_format["output_format"] = nullptr;
    CHECK(verdict(codec(), null_format) == "invalid request.output_format");
}

TEST_CASE("voice and audio settings are checked field by field") {
    CHECK(voice(R"("voice_id":"v","speed":0.5,"vol":10,"pitch":-12,"emotion":"happy")") == "");
    CHECK(voice(R"("voice_id":"v","speed":2)") == "");
    CHECK(voice(R"("speed":1)") == "missing request.voice_setting.voice_id");
    CHECK(voice(R"("voice_id":"")") == "invalid request.voice_setting.voice_id");
    CHECK(voice(R"("voice_id":"v","speed":2.1)") == "invalid request.voice_setting.speed");
    CHECK(voice(R"("voice_id":"v","speed":1e999)") == "invalid request.voice_setting.speed");
    CHECK(voice(R"("voice_id":"v","vol":0)") == "invalid request.voice_setting.vol");
    CHECK(voice(R"("voice_id":"v","pitch":1.5)") == "invalid request.voice_setting.pitch");
    CHECK(voice(R"("voice_id":"v","pitch":13)") == "invalid request.voice_setting.pitch");
    CHECK(voice(R"("voice_id":"v","emotion":"bored")") == "invalid request.voice_setting.emotion");
    CHECK(voice(R"("voice_id":"v","emotion":"whisper")") ==
          "invalid request.voice_setting.emotion");
    CHECK(voice(R"("voice_id":"v","latex_read":1)") == "invalid request.voice_setting.latex_read");
    CHECK(audio(R"("sample_rate":44100,"bitrate":256000,"format":"flac","channel":2)") == "");
    CHECK(audio(R"("sample_rate":48000)") == "invalid request.audio_setting.sample_rate");
    CHECK(audio(R"("audio_bitrate":1)") == "invalid request.audio_setting.audio_bitrate");
    CHECK(audio(R"("format":"ogg")") == "invalid request.audio_setting.format");
    CHECK(audio(R"("channel":3)") == "invalid request.audio_setting.channel");
}

TEST_CASE("a request tells the voices that it speaks with") {
    const auto voices = [](std::string_view change) {
        const auto checked = codec().check(changed(object(hello), change));
        std::string told;
        for (const NamedThing& named : checked->names)
            told.append(named.field).append(" ").append(named.thing.id).append(";");
        return told;
    };
    CHECK(voices("{}").empty());
    CHECK(voices(R"({"voice_setting":{"voice_id":"old-sailor"}})") ==
          "request.voice_setting.voice_id old-sailor;");
    CHECK(
        voices(R"({"timbre_weights":[{"voice_id":"a","weight":1},{"voice_id":"b","weight":2}]})") ==
        "request.timbre_weights[0].voice_id a;request.timbre_weights[1].voice_id b;");
}

TEST_CASE("a text of 10,000 characters is too long, whatever its bytes are") {
    std::string text;
    for (int i = 0; i < 9999; ++i)
        text += "é";
    boost::json::object request = object(hello);
    request["text"] = text;
    CHECK(codec().check(request).value().quantity == 9999);
    request["text"] = text + "x";
    CHECK(verdict(codec(), request) == "too_long request.text");
}

TEST_CASE("without the user's word the audio is asked for as hex, and every other byte stays") {
    CHECK(codec().submit(spec(" {\n \"model\":\"m\", \"speed\":1.50}")).body ==
          " {\"output_format\":\"hex\",\n \"model\":\"m\", \"speed\":1.50}");
    const std::string url = R"({"output_format":"url","model":"m"})";
    CHECK(codec().submit(spec(url)).body == url);
    CHECK(codec().submit(spec(std::string{hello})).target == "/v1/t2a_v2");
}

TEST_CASE("room for the reply grows with the text, its pauses and the format") {
    const auto room = [](std::string_view change) {
        return codec()
            .submit(spec(boost::json::serialize(changed(object(hello), change))))
            .reply_bytes_max;
    };
    const auto small = room("{}");
    CHECK(small >= (1U << 20U));
    CHECK(small < (2U << 20U));
    CHECK(room(R"({"text":"a <#99#> b"})") > small + 6'000'000);
    CHECK(room(R"({"audio_setting":{"format":"wav","channel":2}})") > small);
    CHECK(room(R"({"output_format":"url"})") == (1U << 20U));
    boost::json::object longest = object(hello);
    longest["text"] = std::string(9999, 'x');
    CHECK(codec().submit(spec(boost::json::serialize(longest))).reply_bytes_max > (180U << 20U));
}

TEST_CASE("speech is delivered with the reply, and what it cost is kept") {
    const auto outcome = codec().on_submit(spec(std::string{hello}), spoken("494433", "3"));
    const Delivered& delivered = want<Delivered>(outcome);
    REQUIRE(delivered.artifacts.size() == 1);
    CHECK(delivered.artifacts[0].source.from == Source::From::reply);
    CHECK(delivered.artifacts[0].media_type == "audio/mpeg");
    CHECK(delivered.result ==
          R"({"audio_length":11124,"audio_size":3,"usage_characters":5,"audio_format":"mp3",)"
          R"("subtitle_file":"https://e.com/s","trace_id":"01b8"})");
    CHECK(std::get<std::string>(codec().extract(spec("{}"), spoken("494433", "3"), 0)) == "ID3");

    const auto flac = codec().on_submit(spec(R"({"model":"m","audio_setting":{"format":"flac"}})"),
                                        spoken("664c6143", "4"));
    CHECK(want<Delivered>(flac).artifacts[0].media_type == "audio/flac");
}

TEST_CASE("a link stands where the audio would, and lasts a day") {
    Reply answer =
        ok(R"({"data":{"audio":"https://cdn.example/a.mp3","status":2},)" + std::string{fine});
    answer.headers = {{"date", "Sat, 01 Aug 2026 05:00:00 GMT"}};
    const auto outcome = codec().on_submit(spec(std::string{hello}), answer);
    const Artifact& artifact = want<Delivered>(outcome).artifacts.at(0);
    CHECK(artifact.source.from == Source::From::link);
    CHECK(artifact.source.value == "https://cdn.example/a.mp3");
    CHECK(artifact.source.expires_at == parse_rfc3339("2026-08-02T05:00:00Z"));

    answer.headers.clear();
    const auto undated = codec().on_submit(spec(std::string{hello}), answer);
    CHECK(want<Delivered>(undated).artifacts.at(0).source.expires_at == never);
}

TEST_CASE("audio that is no hex, or of another length than stated, is not an artifact") {
    const auto code = [](std::string_view hex, std::string_view size) {
        return std::get<Failure>(codec().extract(spec("{}"), spoken(hex, size), 0)).code;
    };
    CHECK(code("49443", "2") == "artifact.hex");
    CHECK(code("4944zz", "3") == "artifact.hex");
    CHECK(code("49 443", "3") == "artifact.hex");
    CHECK(code("494433", "4") == "artifact.length");
    CHECK(code("494433", "\"4\"") == "artifact.length");
    CHECK(code("", "0") == "artifact.missing");
    CHECK(std::holds_alternative<std::string>(
        codec().extract(spec("{}"), spoken("4A4b", "\"2\""), 0)));
    CHECK(std::holds_alternative<std::string>(
        codec().extract(spec("{}"), spoken("4A4b", "null"), 0)));
}

TEST_CASE("a success without audio was bought and is nothing") {
    for (const std::string data :
         {"null", "{}", R"({"audio":""})", R"({"audio":null,"status":1})", "[]"}) {
        CAPTURE(data);
        const auto outcome = codec().on_submit(spec(std::string{hello}),
                                               ok(R"({"data":)" + data + "," + std::string{fine}));
        CHECK(want<Refusal>(outcome).on_create == OnCreate::taken_failed);
        CHECK(want<Refusal>(outcome).failure.failure == FailureClass::rejected);
    }
    const auto silent = codec().on_submit(spec(std::string{hello}), ok(R"({"data":null})"));
    CHECK(want<Refusal>(silent).on_create == OnCreate::ambiguous);
}

TEST_CASE("asking a synchronous op for a task is a programmer's error") {
    CHECK_THROWS_AS(codec().poll(Task{}), std::logic_error);
    CHECK_THROWS_AS(codec().link(Source{}), std::logic_error);
}

namespace {

Reply events(std::initializer_list<std::string> all, std::string_view end_of_line) {
    std::string body;
    for (const std::string& each : all) {
        body += "data:" + each;
        body += end_of_line;
        body += end_of_line;
    }
    Reply streamed = ok(std::move(body));
    streamed.headers.emplace_back("Content-Type", "text/event-stream; charset=utf-8");
    return streamed;
}

std::string piece(std::string_view hex) {
    return R"({"data":{"audio":")" + std::string{hex} + R"(","status":1}})";
}

std::string end(std::string_view hex, std::string_view size) {
    return R"({"data":{"audio":")" + std::string{hex} +
           R"(","status":2},"extra_info":{"audio_size":)" + std::string{size} + "}," +
           std::string{fine};
}

std::string extracted(const Reply& reply) {
    const auto outcome = codec().extract(spec(std::string{hello}), reply, 0);
    const auto* bytes = std::get_if<std::string>(&outcome);
    return bytes != nullptr ? *bytes : std::get<Failure>(outcome).code;
}

}  // namespace

TEST_CASE("a streamed voice is said once, though its last event says all of it again") {
    for (const std::string_view line : {"\n", "\r\n", "\r"}) {
        const Reply whole = events({piece("4944"), piece("33"), end("494433", "3")}, line);
        const auto outcome = codec().on_submit(spec(std::string{hello}), whole);
        CHECK(want<Delivered>(outcome).artifacts.at(0).media_type == "audio/mpeg");
        CHECK(want<Delivered>(outcome).result == R"({"audio_size":3})");
        CHECK(extracted(whole) == "ID3");
        CHECK(extracted(events({piece("4944"), piece("33"), end("", "3")}, line)) == "ID3");
    }
    CHECK(extracted(events({piece("4944"), end("", "3")}, "\n")) == "artifact.length");
}

TEST_CASE("a stream that ends early, or in an error, is not taken for a voice") {
    const auto refused = [](const Reply& reply) {
        return want<Refusal>(codec().on_submit(spec(std::string{hello}), reply));
    };
    CHECK(refused(events({piece("4944")}, "\n")).on_create == OnCreate::taken_failed);
    CHECK(refused(events({}, "\n")).on_create == OnCreate::ambiguous);
    const std::string limit = R"({"base_resp":{"status_code":1002,"status_msg":"rate limit"}})";
    CHECK(refused(events({limit}, "\n")).on_create == OnCreate::not_created);
    CHECK(refused(events({piece("4944"), limit}, "\n")).on_create == OnCreate::taken_failed);
    CHECK(refused(events({piece(""), limit}, "\n")).on_create == OnCreate::taken_failed);
    // An error may come as plain JSON, whatever was asked for.
    CHECK(refused(coded(1002)).on_create == OnCreate::not_created);
}
