#include "proto/minimax/voice_clone.hpp"

#include <doctest/doctest.h>

#include "proto/minimax/files.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::voice_clone();
}

constexpr std::string_view sailor = R"({"voice_id":"old-sailor","file_id":9007199254740993})";
constexpr std::string_view fine = R"("base_resp":{"status_code":0,"status_msg":"success"}})";

SubmitOutcome answered(std::string_view fields) {
    return codec().on_submit(spec(std::string{sailor}),
                             ok("{" + std::string{fields} + "," + std::string{fine}));
}

}  // namespace

TEST_CASE("a wrong request for a cloned voice is refused by the name of its field") {
    struct Case {
        std::string_view change;
        std::string_view verdict;
    };
    const Case cases[] = {
        {"{}", ""},
        {R"({"file_id":null})", "missing request.file_id"},
        {R"({"file_id":"9007199254740993"})", "invalid request.file_id"},
        {R"({"file_id":0})", "invalid request.file_id"},
        {R"({"file_id":{"$artifact":"J/0"}})", ""},
        {R"({"voice_id":null})", "missing request.voice_id"},
        {R"({"voice_id":"sailor"})", "invalid request.voice_id"},
        {R"({"text":"ahoy"})", "missing request.model"},
        {R"({"text":"ahoy","model":"speech-2.8-hd"})", ""},
        {R"({"clone_prompt":{"prompt_text":"ahoy"}})", "missing request.clone_prompt.prompt_audio"},
        {R"({"clone_prompt":{"prompt_audio":7}})", "missing request.clone_prompt.prompt_text"},
        {R"({"clone_prompt":{"prompt_audio":{"$artifact":"J/0"},"prompt_text":"ahoy"}})", ""},
        {R"({"accuracy":1.5})", "invalid request.accuracy"},
        {R"({"need_noise_reduction":1})", "invalid request.need_noise_reduction"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.change);
        CHECK(verdict(codec(), changed(object(sailor), each.change)) == each.verdict);
    }
    CHECK(verdict(codec(), changed(object(sailor),
                                   R"({"text_validation":")" + std::string(201, 'a') + "\"}")) ==
          "too_long request.text_validation");
}

TEST_CASE("a cloned voice is its id, with a preview where there is a text") {
    CHECK(codec().submit(spec(std::string{sailor})).target == "/v1/voice_clone");
    CHECK(codec().check(object(sailor))->artifacts == 0);
    CHECK(codec()
              .check(changed(object(sailor), R"({"text":"ahoy","model":"speech-2.8-hd"})"))
              ->price_key == "minimax.voice_clone/preview");

    CHECK(want<Answered>(answered(R"("demo_audio":"","input_sensitive":{"type":1})")).result ==
          R"({"voice_id":"old-sailor","input_sensitive":{"type":1}})");
    // Not a link: kept as it came.
    CHECK(want<Answered>(answered(R"("demo_audio":"494433")")).result ==
          R"({"voice_id":"old-sailor","demo_audio":"494433"})");
    const auto outcome = answered(R"("demo_audio":"https://cdn.example/a.mp3")");
    CHECK(want<Delivered>(outcome).result == R"({"voice_id":"old-sailor"})");
    const MadeThing made{{Thing::Kind::voice, "old-sailor"}};
    CHECK(want<Delivered>(outcome).made == made);
    CHECK(want<Answered>(answered(R"("demo_audio":"")")).made == made);
    CHECK(want<Delivered>(outcome).artifacts.at(0).source.value == "https://cdn.example/a.mp3");

    const auto refused = [](std::int64_t code) {
        return want<Refusal>(codec().on_submit(spec(std::string{sailor}), coded(code)));
    };
    CHECK(refused(2038).failure.failure == FailureClass::account);
    CHECK(refused(2039).failure.failure == FailureClass::rejected);
    CHECK(refused(2039).on_create == OnCreate::not_created);
    // A reply that does not say it did: perhaps there is a voice, perhaps not.
    CHECK(want<Refusal>(codec().on_submit(spec(std::string{sailor}), ok("{}"))).on_create ==
          OnCreate::ambiguous);
}

TEST_CASE("a file is uploaded as one part of a form, whatever is in it") {
    Input file;
    file.media_type = "audio/mpeg";
    file.sha256 = std::string(64, 'a');
    const std::string bytes("--genspool-0\r\nID3\0 a\r\n--genspool-0--\r\n", 38);
    const Call call = minimax::upload_call("voice_clone", file, bytes);
    CHECK(call.method == "POST");
    CHECK(call.target == "/v1/files/upload");
    const std::string edge = "genspool-" + std::string(40, 'a');
    CHECK(call.content_type == "multipart/form-data; boundary=" + edge);
    CHECK(call.body ==
          "--" + edge +
              "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nvoice_clone\r\n--" +
              edge +
              "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"input.mp3\"\r\n"
              "Content-Type: audio/mpeg\r\n\r\n" +
              bytes + "\r\n--" + edge + "--\r\n");
}

TEST_CASE("an upload is known by its number, beyond what a double holds") {
    const auto handle = [](std::string_view file) -> std::string {
        const auto outcome = minimax::uploaded(
            "voice_clone", ok(R"({"file":)" + std::string{file} + "," + std::string{fine}));
        const auto* uploaded = std::get_if<Uploaded>(&outcome);
        return uploaded ? uploaded->handle : "refused";
    };
    CHECK(handle(R"({"file_id":9007199254740993})") == "9007199254740993");
    CHECK(handle(R"({"file_id":"9007199254740993"})") == "9007199254740993");
    CHECK(handle(R"({"id":7})") == "7");
    CHECK(handle(R"({"file_id":"file-7"})") == "refused");
    CHECK(handle(R"({"file_id":0})") == "refused");
    CHECK(handle(R"({"file_id":-5})") == "refused");
    CHECK(handle("{}") == "refused");
    CHECK(handle("null") == "refused");
    CHECK(want<Refusal>(minimax::uploaded("voice_clone", coded(2013))).failure.failure ==
          FailureClass::rejected);
    CHECK(want<Refusal>(minimax::uploaded("voice_clone", coded(1002))).failure.failure ==
          FailureClass::rate_limited);
}
