#include "workers/media_signature.hpp"

#include <doctest/doctest.h>

#include <string>

using genspool::workers::contradicts;
using genspool::workers::extension_of;

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

TEST_CASE("case and parameters of a media type do not matter") {
    CHECK(contradicts("Video/MP4; codecs=avc1", "<html>"));
    CHECK(extension_of("Audio/WAV ; rate=16000") == ".wav");
}

TEST_CASE("a type that is not known has no extension") {
    CHECK(extension_of("video/mp4") == ".mp4");
    CHECK(extension_of("application/x-new") == "");
}
