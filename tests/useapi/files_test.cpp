#include "proto/useapi/files.hpp"

#include <doctest/doctest.h>

#include "proto/useapi/provider.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

Call upload(std::string_view media_type) {
    Input file;
    file.media_type = media_type;
    file.sha256 = std::string(64, 'c');
    return useapi_provider().upload(useapi::picture_file.purpose, file, "the bytes");
}

UploadOutcome uploaded(const FileRule& rule, std::string body, int status = 200) {
    return useapi_provider().on_upload(rule.purpose, reply(status, std::move(body)));
}

constexpr std::string_view placed =
    R"({"ossPath":"https://c.example/f.png","fileID":"user:1-minimax:301-file:55"})";

}  // namespace

TEST_CASE("a file goes up as it is, under one of the types that are taken") {
    const Call call = upload("image/png");
    CHECK(call.content_type == "image/png");
    CHECK(shown(call) == "POST /files/?account=301 the bytes");
    CHECK(shown(call, "") == "POST /files/ the bytes");
    CHECK(upload("image/webp").content_type == "image/jpeg");
    CHECK(upload("audio/mp3").content_type == "audio/mpeg");
    CHECK(upload("audio/x-wav").content_type == "audio/wav");
    CHECK(upload("video/mp4").content_type == "video/mp4");
}

TEST_CASE("a file is called as the account calls it, for a template with its place too") {
    CHECK(want<Uploaded>(uploaded(useapi::picture_file, std::string(placed))).handle == file_id);
    CHECK(want<Uploaded>(uploaded(useapi::placed_picture_file, std::string(placed))).handle ==
          "user:1-minimax:301-file:55 https://c.example/f.png");
    CHECK(want<Refusal>(uploaded(useapi::placed_picture_file, R"({"fileID":"f"})")).failure.code ==
          "reply.incomplete");
    for (const char* body : {"{}", R"({"fileID":""})", R"({"fileID":[]})", "[]", ""})
        CHECK(std::holds_alternative<Refusal>(uploaded(useapi::picture_file, body)));
    CHECK(want<Refusal>(uploaded(useapi::picture_file, R"({"error":"x"})", 400)).failure.failure ==
          FailureClass::rejected);
    CHECK(want<Refusal>(uploaded(useapi::picture_file, "", 502)).failure.failure ==
          FailureClass::transient);
}
