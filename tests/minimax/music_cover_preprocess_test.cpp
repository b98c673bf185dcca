#include "proto/minimax/music_cover_preprocess.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

const Codec& codec() {
    return minimax::music_cover_preprocess();
}

SubmitOutcome answered(std::string_view members) {
    return codec().on_submit(spec("{}"),
                             ok("{" + std::string{members} + R"("base_resp":{"status_code":0}})"));
}

}  // namespace

TEST_CASE("the words of a song are asked for by a link to it, or by itself, and not by both") {
    const auto checked = [](std::string_view fields) {
        return verdict(codec(), object(R"({"model":"music-cover")" + std::string{fields} + "}"));
    };
    CHECK(checked(R"(,"audio_url":"https://e.com/a.mp3")") == "");
    CHECK(checked(R"(,"audio_base64":"SUQz")") == "");
    CHECK(checked("") == "missing request.audio_url");
    CHECK(checked(R"(,"audio_url":"https://e.com/a.mp3","audio_base64":"SUQz")") ==
          "invalid request.audio_url");
    CHECK(checked(R"(,"audio_url":"a.mp3")") == "invalid request.audio_url");
    CHECK(checked(R"(,"audio_base64":"?")") == "invalid request.audio_base64");
    CHECK(verdict(codec(), object(R"({"audio_base64":"SUQz"})")) == "missing request.model");
}

TEST_CASE("they are a result, in the upstream's own words, and no file") {
    const std::string request = R"({"model":"music-cover","audio_base64":"SUQz"})";
    CHECK(codec().check(object(request)).value().artifacts == 0);
    CHECK(codec().submit(spec(request)).target == "/v1/music_cover_preprocess");
    CHECK(codec().submit(spec(request)).body == request);
    const auto outcome = answered(R"("cover_feature_id":"c7","formatted_lyrics":"[Verse]\nla",)"
                                  R"("structure_result":"{\"n\":1}","audio_duration":95,)"
                                  R"("trace_id":"t",)");
    CHECK(want<Answered>(outcome).result ==
          R"({"cover_feature_id":"c7","formatted_lyrics":"[Verse]\nla",)"
          R"("structure_result":"{\"n\":1}","audio_duration":95})");
}

TEST_CASE("an answer without the id of the song was bought and is nothing") {
    CHECK(want<Refusal>(answered(R"("formatted_lyrics":"la",)")).on_create ==
          OnCreate::taken_failed);
    CHECK(want<Refusal>(codec().on_submit(spec("{}"), ok("{}"))).on_create == OnCreate::ambiguous);
    CHECK(want<Refusal>(codec().on_submit(spec("{}"), coded(1008))).on_create ==
          OnCreate::not_created);
}
