#include "proto/minimax/lyrics.hpp"

#include <doctest/doctest.h>

#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

TEST_CASE("a wrong lyrics request is refused by the name of its field") {
    const auto checked = [](std::string_view request) {
        return verdict(minimax::lyrics(), object(request));
    };
    CHECK(checked(R"({"mode":"write_full_song","prompt":"rain"})") == "");
    CHECK(checked(R"({"mode":"edit","lyrics":"la","title":"t"})") == "");
    CHECK(checked("{}") == "missing request.mode");
    CHECK(checked(R"({"mode":"hum"})") == "invalid request.mode");
    CHECK(checked(R"({"mode":"edit","title":7})") == "invalid request.title");
    CHECK(checked(R"({"mode":"edit","prompt":")" + std::string(2001, 'x') + "\"}") ==
          "too_long request.prompt");
    CHECK(checked(R"({"mode":"edit","lyrics":")" + std::string(3501, 'x') + "\"}") ==
          "too_long request.lyrics");
}

TEST_CASE("lyrics are a result, and no file is expected") {
    CHECK(minimax::lyrics().check(object(R"({"mode":"edit"})")).value().artifacts == 0);
    const auto outcome = minimax::lyrics().on_submit(
        spec("{}"), ok(R"({"song_title":"Rain","style_tags":"slow, blue","lyrics":"la\nla",)"
                       R"("base_resp":{"status_code":0}})"));
    CHECK(want<Answered>(outcome).result ==
          R"({"song_title":"Rain","style_tags":"slow, blue","lyrics":"la\nla"})");
}

TEST_CASE("a success without lyrics was bought and is nothing") {
    const auto outcome = minimax::lyrics().on_submit(
        spec("{}"), ok(R"({"song_title":"Rain","base_resp":{"status_code":0}})"));
    CHECK(want<Refusal>(outcome).on_create == OnCreate::taken_failed);
}
