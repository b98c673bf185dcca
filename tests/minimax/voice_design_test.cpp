#include "proto/minimax/voice_design.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::voice_design();
}

constexpr std::string_view sailor = R"({"prompt":"an old sailor","preview_text":"Ahoy"})";
constexpr std::string_view fine = R"("base_resp":{"status_code":0,"status_msg":"success"}})";

SubmitOutcome answered(std::string_view fields) {
    return codec().on_submit(spec(std::string{sailor}),
                             ok("{" + std::string{fields} + "," + std::string{fine}));
}

}  // namespace

TEST_CASE("a wrong request for a voice is refused by the name of its field") {
    struct Case {
        std::string_view change;
        std::string_view verdict;
    };
    const Case cases[] = {
        {"{}", ""},
        {R"({"prompt":null})", "missing request.prompt"},
        {R"({"preview_text":null})", "missing request.preview_text"},
        {R"({"voice_id":"Sailor-01"})", ""},
        {R"({"voice_id":"sailor"})", "invalid request.voice_id"},
        {R"({"voice_id":"1-old-sailor"})", "invalid request.voice_id"},
        {R"({"voice_id":"old sailor"})", "invalid request.voice_id"},
        {R"({"voice_id":"old-sailor-"})", "invalid request.voice_id"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.change);
        CHECK(verdict(codec(), changed(object(sailor), each.change)) == each.verdict);
    }
    std::string longest = R"({"preview_text":")" + std::string(501, 'a') + "\"}";
    CHECK(verdict(codec(), changed(object(sailor), longest)) == "too_long request.preview_text");
}

TEST_CASE("a designed voice is its id, and a trial to listen to") {
    CHECK(codec().submit(spec(std::string{sailor})).target == "/v1/voice_design");
    const auto outcome = answered(R"("voice_id":"ttv-voice-1","trial_audio":"494433")");
    CHECK(want<Delivered>(outcome).result == R"({"voice_id":"ttv-voice-1"})");
    const MadeThing voice{{Thing::Kind::voice, "ttv-voice-1"}};
    CHECK(want<Delivered>(outcome).made == voice);
    CHECK(want<Answered>(answered(R"("voice_id":"ttv-voice-1")")).made == voice);
    CHECK(want<Delivered>(outcome).artifacts.at(0).media_type == "audio/mpeg");
    const Reply reply =
        ok(R"({"voice_id":"ttv-voice-1","trial_audio":"494433",)" + std::string{fine});
    CHECK(std::get<std::string>(codec().extract(spec(std::string{sailor}), reply, 0)) == "ID3");

    CHECK(want<Answered>(answered(R"("voice_id":"ttv-voice-1")")).result ==
          R"({"voice_id":"ttv-voice-1"})");
    CHECK(want<Refusal>(answered(R"("voice_id":"")")).on_create == OnCreate::taken_failed);
    CHECK(
        want<Refusal>(codec().on_submit(spec(std::string{sailor}), coded(2038))).failure.failure ==
        FailureClass::account);
}
