// Where each op takes a file of another job.
#include <doctest/doctest.h>

#include "proto/minimax/chat.hpp"
#include "proto/minimax/image.hpp"
#include "proto/minimax/music.hpp"
#include "proto/minimax/music_cover_preprocess.hpp"
#include "proto/minimax/video_template.hpp"
#include "proto/minimax/video_v1.hpp"
#include "proto/minimax/video_v2.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

std::string form_of(const FileRule& rule) {
    if (rule.form == FileRule::Form::base64) return " base64";
    if (!rule.uploaded()) return "";
    return " as " + std::string(rule.scheme) + std::string(rule.purpose);
}

/// "PATH FAMILY FORM;" for each file that the op takes; or why it refuses the request.
std::string files(const Codec& codec, std::string_view request) {
    const auto checked = codec.check(object(request));
    if (!checked) return checked.error().code + " " + checked.error().field;
    std::string found;
    for (const FileField& file : checked->files) {
        found += file.path + " " + std::string(file.rule.family) + form_of(file.rule) + ";";
    }
    return found;
}

}  // namespace

TEST_CASE("an op takes a file of another job where it takes one by a link") {
    using namespace minimax;
    CHECK(files(video_v1(), R"({"model":"MiniMax-Hailuo-02","prompt":"p",
              "first_frame_image":{"$artifact":"J/0"},"last_frame_image":{"$artifact":"K/0"}})") ==
          "request.first_frame_image image;request.last_frame_image image;");
    CHECK(files(video_v1(), R"({"model":"S2V-01","prompt":"p","subject_reference":
              [{"type":"character","image":[{"$artifact":"J/0"}]}]})") ==
          "request.subject_reference[0].image[0] image;");
    CHECK(files(video_v2(), R"({"model":"MiniMax-H3","resolution":"768P","duration":5,"content":[
              {"type":"text","text":"t"},
              {"type":"image_url","role":"reference_image","image_url":{"url":{"$artifact":"J/0"}}},
              {"type":"audio_url","audio_url":{"url":{"$artifact":"K/2"}}},
              {"type":"video_url","video_url":{"url":{"$artifact":"L/0"}}}]})") ==
          "request.content[1].image_url.url image as mm_file://video_generation_input;"
          "request.content[2].audio_url.url audio as mm_file://video_generation_input;"
          "request.content[3].video_url.url video as mm_file://video_generation_input;");
    CHECK(files(video_template(), R"({"template_id":"1","media_inputs":
              [{"value":{"$artifact":"J/0"}}]})") == "request.media_inputs[0].value image;");
    CHECK(files(image(), R"({"model":"image-01","prompt":"p","subject_reference":
              [{"type":"character","image_file":{"$artifact":"J/0"}}]})") ==
          "request.subject_reference[0].image_file image;");
    CHECK(files(music(), R"({"model":"music-cover","prompt":"a slow old waltz",
              "audio_base64":{"$artifact":"J/0"}})") == "request.audio_base64 audio base64;");
    CHECK(files(music(), R"({"model":"music-01","refer_voice":{"$artifact":"J/0"},
              "refer_instrumental":{"$artifact":"J/1"}})") ==
          "request.refer_voice audio as voice;request.refer_instrumental audio as instrumental;");
    CHECK(files(music_cover_preprocess(), R"({"model":"music-cover",
              "audio_base64":{"$artifact":"J/0"}})") == "request.audio_base64 audio base64;");
    CHECK(files(chat(), R"({"model":"MiniMax-M3","messages":[{"role":"user","content":[
              {"type":"text","text":"what is this?"},
              {"type":"image_url","image_url":{"url":{"$artifact":"I/0"}}},
              {"type":"video_url","video_url":{"url":{"$artifact":"J/0"}}}]}]})") ==
          "request.messages[0].content[1].image_url.url image;"
          "request.messages[0].content[2].video_url.url video as mm_file://video_understanding;");
}

TEST_CASE("where a text is taken, a file is not") {
    using namespace minimax;
    CHECK(files(video_v1(), R"({"model":"MiniMax-Hailuo-02","prompt":{"$artifact":"J/0"}})") ==
          "invalid request.prompt");
    CHECK(files(music(), R"({"model":"music-cover","prompt":"a slow old waltz",
              "audio_url":{"$artifact":"J/0"}})") == "invalid request.audio_url");
}
