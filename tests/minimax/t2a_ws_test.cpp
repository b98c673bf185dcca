#include "proto/minimax/t2a_ws.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <memory>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::t2a_ws();
}

constexpr std::string_view hello =
    R"({"model":"speech-2.8-hd","text":"Hello.","voice_setting":{"voice_id":"v"}})";

std::string checked(std::string_view change) {
    return verdict(codec(), changed(object(hello), change));
}

/// The same request with a text of `sentences` sentences of 1,000 characters each.
JobSpec novel(std::size_t sentences) {
    boost::json::object request = object(hello);
    std::string text;
    for (std::size_t n = 0; n < sentences; ++n)
        text += std::string(998, static_cast<char>('a' + n % 26)) + ". ";
    request["text"] = text;
    return spec(boost::json::serialize(request));
}

const std::string begins{session_begins};
const std::string started = R"({"event":"task_started","base_resp":{"status_code":0}})";
const std::string finished = R"({"event":"task_finished","base_resp":{"status_code":0}})";
const std::string crowded =
    R"({"event":"task_failed","base_resp":{"status_code":2205,"status_msg":"queue full"}})";

std::string piece(std::string_view hex, bool final) {
    const std::string data = hex.empty() ? "null" : R"({"audio":")" + std::string{hex} + "\"}";
    return R"({"event":"task_continued","trace_id":"t","data":)" + data + R"(,"is_final":)" +
           (final ? R"(true,"extra_info":{"usage_characters":9,"bits":[1]})" : "false") +
           R"(,"base_resp":{"status_code":0,"status_msg":""}})";
}

std::string failed(int code) {
    return R"({"event":"task_failed","base_resp":{"status_code":)" + std::to_string(code) +
           R"(,"status_msg":"upstream words"}})";
}

std::string event_of(const SessionMove& move) {
    if (move.frames.empty()) return "";
    REQUIRE(move.frames.size() == 1);
    return std::string(object(move.frames[0]).at("event").as_string());
}

std::string text_in(const SessionMove& move) {
    return std::string(object(move.frames.at(0)).at("text").as_string());
}

Refusal refused(const std::vector<std::string>& frames) {
    return want<Refusal>(codec().on_submit(spec(std::string{hello}), session(frames)));
}

std::string extracted(const std::vector<std::string>& frames) {
    const auto outcome = codec().extract(spec(std::string{hello}), session(frames), 0);
    const auto* bytes = std::get_if<std::string>(&outcome);
    return bytes != nullptr ? *bytes : std::get<Failure>(outcome).code;
}

}  // namespace

TEST_CASE("what a session cannot do is refused by the name of its field") {
    CHECK(checked("{}") == "");
    CHECK(checked(R"({"voice_setting":null})") == "missing request.voice_setting");
    CHECK(checked(R"({"model":null})") == "missing request.model");
    CHECK(checked(R"({"stream":true})") == "");
    CHECK(checked(R"({"output_format":"hex"})") == "");
    CHECK(checked(R"({"output_format":"url"})") == "invalid request.output_format");
    for (const std::string format : {"mp3", "pcm", "pcmu_raw"})
        CHECK(checked(R"({"audio_setting":{"format":")" + format + "\"}}") == "");
    for (const std::string format : {"wav", "pcmu_wav", "flac", "opus"})
        CHECK(checked(R"({"audio_setting":{"format":")" + format + "\"}}") ==
              "invalid request.audio_setting.format");
    CHECK(checked(R"({"continuous_sound":true})") == "");
    CHECK(checked(R"({"continuous_sound":1})") == "invalid request.continuous_sound");
    CHECK(checked(R"({"continuous_sound":true,"model":"speech-2.6-hd"})") ==
          "invalid request.continuous_sound");
    CHECK(checked(R"({"text":" \n "})") == "invalid request.text");
}

TEST_CASE("a text is as long as one session carries, and priced by its characters") {
    const auto said = [](std::size_t characters, const std::string& word, std::string_view change) {
        boost::json::object request = changed(object(hello), change);
        std::string text;
        for (std::size_t n = 0; n < characters; ++n)
            text += word;
        request["text"] = text;
        return codec().check(request);
    };
    const auto checked_novel = said(60'000, "a", "{}");
    REQUIRE(checked_novel.has_value());
    CHECK(checked_novel->quantity == 60'000);
    CHECK(checked_novel->price_key == "minimax.t2a_ws/speech-2.8-hd");
    CHECK(said(60'000, "字", "{}").has_value());
    constexpr std::string_view low = R"({"audio_setting":{"bitrate":32000}})";
    CHECK(said(200'000, "字", low).has_value());
    const auto too_long = said(200'001, "a", low);
    REQUIRE_FALSE(too_long.has_value());
    CHECK(too_long.error().code == "too_long");
    CHECK(too_long.error().message.find("request.text_file_id") != std::string::npos);
    const auto too_large = said(200'000, "字", "{}");
    REQUIRE_FALSE(too_large.has_value());
    CHECK(too_large.error().field == "request.text");
    CHECK(too_large.error().message.find("bitrate") != std::string::npos);
}

TEST_CASE(
    "a session starts the task with all of the request but its text, which is the paid frame") {
    const std::string request =
        R"({"model":"speech-2.8-hd","text":"Hello.","output_format":"hex","stream":true,)"
        R"("voice_setting":{"voice_id":"v","speed":1.5},"field_of_tomorrow":[1]})";
    const auto talk = codec().open(spec(request));
    const SessionMove move = talk->on_frame(begins);
    CHECK(move.paid);
    CHECK_FALSE(move.over);
    REQUIRE(move.frames.size() == 1);
    CHECK(object(move.frames[0]) ==
          object(R"({"event":"task_start","model":"speech-2.8-hd",)"
                 R"("voice_setting":{"voice_id":"v","speed":1.5},"field_of_tomorrow":[1]})"));
    CHECK(codec().submit(spec(request)).target == "/ws/v1/t2a_v2");
}

TEST_CASE("each piece of a long text is said when the one before is finished") {
    const JobSpec book = novel(25);
    const auto talk = codec().open(book);
    talk->on_frame(begins);
    std::string said;
    SessionMove move = talk->on_frame(started);
    while (event_of(move) == "task_continue") {
        CHECK_FALSE(move.paid);
        CHECK(text_in(move).size() == std::min<std::size_t>(3'000, 25'000 - said.size()));
        CHECK(text_in(move).ends_with(". "));
        said += text_in(move);
        CHECK(talk->on_frame(piece("49", false)).frames.empty());
        CHECK(talk->on_frame(piece("", false)).frames.empty());
        move = talk->on_frame(piece("44", true));
    }
    CHECK(event_of(move) == "task_finish");
    CHECK(said == object(book.request).at("text").as_string());
    // What was queued may still come.
    CHECK_FALSE(talk->on_frame(piece("33", true)).over);
    CHECK(talk->on_frame(finished).over);
    CHECK(talk->on_frame(piece("33", true)).frames.empty());
}

TEST_CASE("a piece for which there is no room is said again a little later, and not for ever") {
    const auto talk = codec().open(spec(std::string{hello}));
    talk->on_frame(begins);
    const SessionMove first = talk->on_frame(started);
    for (int n = 0; n < 50; ++n) {
        const SessionMove again = talk->on_frame(crowded);
        REQUIRE(again.frames == first.frames);
        CHECK(again.pause > Duration{0});
    }
    CHECK(talk->on_frame(crowded).over);

    std::vector<std::string> frames{begins, started, crowded, crowded, piece("494433", true)};
    frames.push_back(finished);
    want<Delivered>(codec().on_submit(spec(std::string{hello}), session(frames)));
    CHECK(extracted(frames) == "ID3");
}

TEST_CASE("what is no event, or none that is known, is passed over") {
    const auto talk = codec().open(spec(std::string{hello}));
    for (const std::string_view odd :
         {"", "{", "[]", "null", "\xFF", R"({"event":7})", R"({"event":"sentence_start"})",
          R"({"event":"task_started"})", R"({"event":"task_finished"})"}) {
        CAPTURE(odd);
        const SessionMove move = talk->on_frame(odd);
        CHECK(move.frames.empty());
        CHECK_FALSE(move.over);
    }
    CHECK(event_of(talk->on_frame(begins)) == "task_start");
    CHECK(talk->on_frame(begins).frames.empty());
    CHECK(talk->on_frame(piece("49", true)).frames.empty());
    CHECK(event_of(talk->on_frame(started)) == "task_continue");
}

TEST_CASE("the pieces become one file, and what the upstream said of each is kept") {
    const std::vector<std::string> frames{
        begins,           "no JSON",         started,           piece("49", false),
        piece("", false), piece("44", true), piece("33", true), finished};
    const auto outcome = codec().on_submit(spec(std::string{hello}), session(frames));
    const Delivered& delivered = want<Delivered>(outcome);
    REQUIRE(delivered.artifacts.size() == 1);
    CHECK(delivered.artifacts[0].source.from == Source::From::reply);
    CHECK(delivered.artifacts[0].media_type == "audio/mpeg");
    CHECK(delivered.result == R"({"trace_id":"t","extra_info":[{"usage_characters":9}]})");
    CHECK(extracted(frames) == "ID3");
    CHECK(extracted({begins, started, piece("4x", true), finished}) == "artifact.hex");
    CHECK(extracted({begins, started, piece("", true), finished}) == "artifact.missing");
}

TEST_CASE("a session that was refused before its task was started has bought nothing") {
    for (const int status : {200, 400, 401, 404, 429, 500, 502}) {
        CAPTURE(status);
        const auto outcome =
            codec().on_submit(spec(std::string{hello}), reply(status, "<html>no</html>"));
        CHECK(want<Refusal>(outcome).on_create == OnCreate::not_created);
    }
    CHECK(refused({failed(1000)}).on_create == OnCreate::not_created);
    const auto talk = codec().open(spec(std::string{hello}));
    CHECK(talk->on_frame(failed(1004)).over);
    const Refusal bad_key = refused({failed(1004)});
    CHECK(bad_key.failure.failure == FailureClass::account);
    CHECK(bad_key.quarantine.scope == Scope::key);
}

TEST_CASE("a started task that is refused means what the code says, until something was spoken") {
    CHECK(refused({begins, failed(1008)}).on_create == OnCreate::not_created);
    CHECK(refused({begins, failed(1000)}).on_create == OnCreate::ambiguous);
    CHECK(refused({begins, started, failed(1026)}).on_create == OnCreate::not_created);
    CHECK(refused({begins, started, failed(2201)}).on_create == OnCreate::ambiguous);
    CHECK(refused({begins, started, failed(987654)}).on_create == OnCreate::ambiguous);
    const std::string silent = R"({"event":"task_failed"})";
    CHECK(refused({begins, started, silent}).on_create == OnCreate::ambiguous);
    CHECK(refused({begins, started, silent}).failure.code == "session.failed");
    for (const int code : {1000, 1008, 1026, 2205}) {
        CAPTURE(code);
        const auto late = refused({begins, started, piece("49", true), failed(code)});
        CHECK(late.on_create == OnCreate::taken_failed);
        CHECK(late.failure.code == std::to_string(code));
    }
}

TEST_CASE("a session that was cut short, or says nothing, is no speech") {
    CHECK(refused({}).on_create == OnCreate::not_created);
    CHECK(refused({begins}).on_create == OnCreate::ambiguous);
    CHECK(refused({begins, started}).on_create == OnCreate::ambiguous);
    CHECK(refused({begins, started, finished}).failure.code == "session.short");
    CHECK(refused({begins, started, piece("49", false), finished}).on_create ==
          OnCreate::taken_failed);
    CHECK(refused({begins, started, piece("", true), finished}).failure.code == "reply.empty");
    const auto half = codec().on_submit(
        novel(25), session({begins, started, piece("49", true), piece("49", true), finished}));
    CHECK(want<Refusal>(half).failure.code == "session.short");
}
