#include "proto/media_signature.hpp"

#include <doctest/doctest.h>

#include <string>

using genspool::proto::contradicts;
using genspool::proto::extension_of;

constexpr std::string_view png = "\x89PNG\r\n\x1A\n";

TEST_CASE("a file agrees with the type whose signature it bears") {
    CHECK_FALSE(contradicts("video/mp4", std::string("\0\0\0\x20", 4) + "ftypisom"));
    CHECK_FALSE(contradicts("audio/mpeg", "ID3\x04"));
    CHECK_FALSE(contradicts("audio/mpeg", "\xFF\xFB\x90"));
    CHECK_FALSE(contradicts("audio/wav", "RIFF1234WAVE"));
    CHECK_FALSE(contradicts("audio/flac", "fLaC"));
    CHECK_FALSE(contradicts("image/png", "\x89PNG\r\n\x1A\n"));
    CHECK_FALSE(contradicts("image/jpeg", "\xFF\xD8\xFF\xE0"));
    CHECK_FALSE(contradicts("image/webp", "RIFF1234WEBP"));
    CHECK_FALSE(contradicts("audio/ogg", "OggS"));
}

TEST_CASE("a file contradicts a type whose signature it lacks") {
    CHECK(contradicts("video/mp4", "{\"error\":1}"));
    CHECK(contradicts("video/mp4", "<html>"));
    CHECK(contradicts("video/mp4", ""));
    CHECK(contradicts("audio/mpeg", "\xFF\x1F"));
    CHECK(contradicts("audio/wav", "RIFF1234WEBP"));
    CHECK(contradicts("image/png", "\xFF\xD8\xFF"));
}

TEST_CASE("a type without a signature, or one nobody knows, is never contradicted") {
    CHECK_FALSE(contradicts("audio/pcm", "anything"));
    CHECK_FALSE(contradicts("application/x-new", "anything"));
    CHECK_FALSE(contradicts("", "anything"));
}

TEST_CASE("a file is what its first bytes tell, else what it was said to be") {
    using genspool::proto::judge_type;
    CHECK(judge_type("", "\x89PNG\r\n\x1A\n") == "image/png");
    CHECK(judge_type("image/jpeg", "\x89PNG\r\n\x1A\n") == "image/png");
    CHECK(judge_type("application/x-www-form-urlencoded", "RIFF1234WAVE") == "audio/wav");
    CHECK(judge_type("Audio/X-Wav; rate=8000", "RIFF1234WAVE") == "audio/x-wav");
    CHECK(judge_type("", std::string("\0\0\0\x20", 4) + "ftypisom") == "video/mp4");
    CHECK(judge_type("audio/mp4", std::string("\0\0\0\x20", 4) + "ftypisom") == "audio/mp4");
    CHECK(judge_type("", std::string("\0\0\0\x20", 4) + "ftypM4A ") == "audio/mp4");
    CHECK(judge_type("", std::string("\0\0\0\x20", 4) + "ftypqt  ") == "video/quicktime");
    CHECK(judge_type("", std::string("\0\0\0\x20", 4) + "ftypheic") == "image/heic");
    CHECK(judge_type("text/plain", "Once upon a time") == "text/plain");
    CHECK(judge_type("image/png", "Once upon a time") == "application/octet-stream");
    CHECK(judge_type("x/unknown", "Once upon a time") == "application/octet-stream");
    CHECK(judge_type("", "") == "application/octet-stream");
}

TEST_CASE("what was promised is taken as what it is of that kind, and nothing else is") {
    const auto brought = [](std::string_view promised, std::string_view said,
                            std::string_view head) {
        return genspool::proto::brought_type(promised, said, "", head).value_or("nothing");
    };
    CHECK(brought("image/png", "", png) == "image/png");
    CHECK(brought("image/png", "image/png", "RIFF1234WEBP") == "image/webp");
    CHECK(brought("audio/mpeg", "audio/mpeg", "RIFF1234WAVE") == "audio/wav");
    CHECK(brought("video/mp4", "video/mp4", png) == "nothing");
    CHECK(brought("video/mp4", "text/html", "<html>") == "nothing");
    CHECK(brought("video/mp4", "text/html", std::string("\0\0\0\x20", 4) + "ftypisom") ==
          "video/mp4");
    CHECK(brought("application/x-ndjson", "application/json", "{}") == "application/x-ndjson");
    CHECK(brought("application/x-ndjson", "Text/HTML; charset=utf-8", "<html>") == "nothing");
    CHECK(brought("audio/pcm", "", "<any") == "audio/pcm");
}

TEST_CASE("without a promise a file is what it shows or was said to be, and a page is none") {
    const auto brought = [](std::string_view said, std::string_view head,
                            std::string_view path = "") {
        return genspool::proto::brought_type("", said, path, head).value_or("nothing");
    };
    CHECK(brought("image/jpeg", png) == "image/png");
    CHECK(brought("text/html", png) == "image/png");
    CHECK(brought("image/png", "garbage") == "nothing");
    CHECK(brought("image/x-new; q=1", "garbage") == "image/x-new");
    CHECK(brought("", "garbage") == "");
    for (const char* said : {"text/html", "text/plain", "application/json; charset=utf-8",
                             "application/problem+json", "application/xml", "TEXT/HTML"}) {
        CAPTURE(said);
        CHECK(brought(said, "whatever") == "nothing");
    }
    // What is called so may be so.
    CHECK(brought("text/plain", "Once upon a time", "https://c.example/story.txt") == "text/plain");
    CHECK(brought("application/json", "{}", "https://c.example/a.json") == "application/json");
    CHECK(brought("text/html", "<html>", "https://c.example/story.txt") == "nothing");
}

TEST_CASE("case and parameters of a media type do not matter") {
    CHECK(contradicts("Video/MP4; codecs=avc1", "<html>"));
    CHECK(extension_of("Audio/WAV ; rate=16000") == ".wav");
}

TEST_CASE("a type that is not known has no extension") {
    CHECK(extension_of("video/mp4") == ".mp4");
    CHECK(extension_of("application/x-new") == "");
}
