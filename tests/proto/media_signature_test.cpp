#include "proto/media_signature.hpp"

#include <doctest/doctest.h>

#include <string>

using genspool::proto::contradicts;
using genspool::proto::extension_of;

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

TEST_CASE("case and parameters of a media type do not matter") {
    CHECK(contradicts("Video/MP4; codecs=avc1", "<html>"));
    CHECK(extension_of("Audio/WAV ; rate=16000") == ".wav");
}

TEST_CASE("a type that is not known has no extension") {
    CHECK(extension_of("video/mp4") == ".mp4");
    CHECK(extension_of("application/x-new") == "");
}
