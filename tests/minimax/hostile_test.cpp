#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "proto/minimax/provider.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

constexpr std::string_view request = R"({"model":"m","prompt":"p","text":"t","n":3})";

/// Whole answers of every op, to be cut and bent.
std::vector<std::string> answers() {
    const std::string fine = R"("base_resp":{"status_code":0,"status_msg":"success"}})";
    return {
        R"({"task_id":"106916112212032",)" + fine,
        R"({"task_id":"1","status":"Success","file_id":"176844028768320","video_width":1920,)" +
            fine,
        R"({"file":{"file_id":176844028768320,"bytes":0,"download_url":"https://c.e/o.mp4"},)" +
            fine,
        R"({"data":{"audio":"494433","status":2},"extra_info":{"audio_size":3},)" + fine,
        R"({"data":{"image_base64":["/9j/4AAQ","iVBORw0KGgo="]},"metadata":{"failed_count":"1"},)" +
            fine,
        R"({"song_title":"a","style_tags":"b","lyrics":"c",)" + fine,
        R"({"voice_id":"ttv-voice-1","trial_audio":"494433",)" + fine,
        R"({"choices":[{"message":{"role":"assistant","content":"Hi"}}],"usage":{},)" + fine,
        R"({"cover_feature_id":"c","formatted_lyrics":"l","audio_duration":95.5,)" + fine,
        R"({"voice_id":"vocal-1","instrumental_id":"band-2",)" + fine,
        R"({"task":{"id":"4","status":"succeeded","content":{"url":"https://c.e/o.mp4"}}})",
        R"({"id":"batch_1","status":"completed","errors":null,"output_file_id":"7",)"
        R"("error_file_id":8,"request_counts":{"total":2,"completed":1,"failed":1}})",
        R"({"id":"2","status":"failed","errors":{"data":[{"line":1,"message":"no"}]}})",
        R"({"task":{"id":"5","status":"succeeded","content":{"prompt":"a kite"}}})",
        R"({"task_id":"","base_resp":{"status_code":2056,)"
        R"("status_msg":"resets at 2026-08-01T05:00:00Z"}})",
        R"-({"type":"error","error":{"message":"x (1026)","http_code":"422"},"request_id":"r"})-",
    };
}

/// Feeds one body to everything that reads bodies. What it must not do is crash, or call something
/// bought that nobody named.
void feed(int status, const std::string& body) {
    const Reply answer = reply(status, body);
    for (const Codec* codec : minimax_provider().codecs()) {
        const auto submitted = codec->on_submit(spec(std::string{request}), answer);
        if (const auto* taken = std::get_if<Taken>(&submitted)) {
            CHECK_FALSE(taken->tasks.at(0).empty());
        }
        if (const auto* refused = std::get_if<Refusal>(&submitted)) {
            CHECK(refused->failure.failure != FailureClass::none);
            CHECK(refused->failure.upstream.size() <= 2048);
        }
        for (std::size_t n = 0; n < 3; ++n) {
            static_cast<void>(codec->extract(spec(std::string{request}), answer, n));
        }
        if (codec->info().reply_is_artifact) continue;
        static_cast<void>(codec->on_poll(Task{}, answer));
        static_cast<void>(codec->on_link(Source{}, answer));
    }
}

}  // namespace

TEST_CASE("answers cut off anywhere are refused, never believed and never fatal") {
    for (const std::string& whole : answers()) {
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const Reply cut = ok(whole.substr(0, length));
            for (const Codec* codec : minimax_provider().codecs()) {
                const auto outcome = codec->on_submit(spec(std::string{request}), cut);
                // A session that was refused like this was never begun.
                const bool in_session = codec->open(spec(std::string{request})) != nullptr;
                CHECK(want<Refusal>(outcome).on_create ==
                      (in_session ? OnCreate::not_created : OnCreate::ambiguous));
            }
            feed(200, cut.body);
        }
    }
}

TEST_CASE("bent answers never crash") {
    std::mt19937 engine{20260801};
    const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
    std::vector<std::string> whole = answers();
    const Reply spoken =
        session({std::string{session_begins}, R"({"event":"task_started"})",
                 R"({"event":"task_continued","is_final":true,"data":{"audio":"494433"}})",
                 R"({"event":"task_finished"})"});
    whole.push_back(spoken.body);
    const std::string pieces[] = {"null", "[]",    "{}",   "\"\"",    "0",
                                  "-1",   "1e999", "\xFF", "\\u0000", "]"};
    for (int round = 0; round < 20'000; ++round) {
        std::string body = whole[random() % whole.size()];
        for (std::uint32_t bends = 1 + random() % 3; bends > 0; --bends) {
            const std::size_t at = random() % body.size();
            if (random() % 2 == 0) {
                body[at] = static_cast<char>(random() % 256);
            } else {
                body.replace(at, std::min<std::size_t>(1 + random() % 6, body.size() - at),
                             pieces[random() % std::size(pieces)]);
            }
        }
        const int statuses[] = {200, 500, 101};
        feed(statuses[random() % 3], body);
    }
}

TEST_CASE("members of the wrong type are read as absent") {
    const std::string values[] = {"null", "true", "1",  "1.5",       "\"x\"",
                                  "[]",   "[[]]", "{}", R"({"a":1})"};
    const std::string names[] = {"base_resp", "data",    "metadata", "extra_info",
                                 "file",      "status",  "file_id",  "error",
                                 "message",   "task_id", "trace_id", "lyrics"};
    for (const std::string& name : names) {
        for (const std::string& value : values) {
            feed(200, "{\"" + name + "\":" + value + "}");
            feed(500, "{\"" + name + "\":" + value + "}");
            feed(200, R"({"data":{"audio":)" + value + R"(,"image_urls":)" + value + "}}");
            feed(200,
                 R"({"base_resp":{"status_code":)" + value + R"(,"status_msg":)" + value + "}}");
        }
    }
}

TEST_CASE("an answer nested beyond measure is not read") {
    feed(200, std::string(100'000, '['));
    feed(200, R"({"base_resp":)" + std::string(100'000, '{'));
    const std::string deep = std::string(40, '[') + std::string(40, ']');
    const auto outcome = minimax_provider().codecs().back()->on_submit(
        spec(std::string{request}), ok(R"({"task_id":"1","x":)" + deep + "}"));
    CHECK(want<Refusal>(outcome).on_create == OnCreate::ambiguous);
}

TEST_CASE("requests with members of any type are checked without harm") {
    const std::string values[] = {"null", "true", "-1", "1.5", "\"x\"", "[]", "[1]", "[{}]", "{}"};
    const std::string names[] = {"model",         "prompt",
                                 "text",          "lyrics",
                                 "voice_setting", "audio_setting",
                                 "voice_modify",  "timbre_weights",
                                 "style",         "n",
                                 "width",         "subject_reference",
                                 "duration",      "first_frame_image",
                                 "output_format", "stream",
                                 "mode"};
    for (const Codec* codec : minimax_provider().codecs()) {
        for (const std::string& name : names) {
            for (const std::string& value : values) {
                const auto bent = changed(object(request), "{}");
                boost::json::object fields = bent;
                fields[name] = object("{\"v\":" + value + "}")["v"];
                const auto checked = codec->check(fields);
                if (!checked.has_value()) CHECK_FALSE(checked.error().field.empty());
            }
        }
    }
}
