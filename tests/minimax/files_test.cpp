#include "proto/minimax/files.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

std::string song(std::string_view purpose, std::string_view members) {
    const auto outcome = minimax::uploaded(
        purpose, ok("{" + std::string{members} + R"("base_resp":{"status_code":0}})"));
    const auto* uploaded = std::get_if<Uploaded>(&outcome);
    return uploaded != nullptr ? uploaded->handle : "refused";
}

}  // namespace

TEST_CASE("what a song is made of goes to an endpoint of its own, and has a text for its id") {
    Input file;
    file.media_type = "audio/wav";
    file.sha256 = std::string(64, 'a');
    CHECK(minimax::upload_call("video_understanding", file, "x").target == "/v1/files/upload");
    for (const std::string_view purpose : {"voice", "instrumental"}) {
        const Call call = minimax::upload_call(purpose, file, "RIFF");
        CHECK(call.target == "/v1/music_upload");
        CHECK(call.body.find("\r\n\r\n" + std::string{purpose} + "\r\n") != std::string::npos);
        CHECK(call.body.find("filename=\"input.wav\"") != std::string::npos);
    }
    const std::string both = R"("voice_id":"vocal-7","instrumental_id":"band-8",)";
    CHECK(song("voice", both) == "vocal-7");
    CHECK(song("instrumental", both) == "band-8");
    CHECK(song("voice", R"("instrumental_id":"band-8",)") == "refused");
    CHECK(song("voice", R"("voice_id":"",)") == "refused");
    CHECK(song("voice", R"("voice_id":")" + std::string(257, 'v') + "\",") == "refused");
    CHECK(song("voice", R"("file":{"file_id":7},)") == "refused");
    CHECK(want<Refusal>(minimax::uploaded("voice", coded(2013))).failure.failure ==
          FailureClass::rejected);
}
