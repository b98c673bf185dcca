#include "proto/base64.hpp"

#include <doctest/doctest.h>

using namespace genspool::proto;

TEST_CASE("base64 is decoded as RFC 4648 writes it") {
    CHECK(base64_decode("") == "");
    CHECK(base64_decode("Zg==") == "f");
    CHECK(base64_decode("Zm8=") == "fo");
    CHECK(base64_decode("Zm9v") == "foo");
    CHECK(base64_decode("Zm9vYg") == "foob");
    CHECK(base64_decode("/+8=") == "\xFF\xEF");
}

TEST_CASE("bytes are written as base64 with its padding") {
    CHECK(base64_encode("").empty());
    CHECK(base64_encode("f") == "Zg==");
    CHECK(base64_encode("fo") == "Zm8=");
    CHECK(base64_encode("foo") == "Zm9v");
    CHECK(base64_encode("foobar") == "Zm9vYmFy");
    CHECK(base64_encode("\xFF\xEF") == "/+8=");
}

TEST_CASE("what is no base64 is refused, and sizes agree with the bytes") {
    for (const char* text :
         {"Z", "Zg=", "Zg===", "Z===", "Zm9v=", "Zm 9v", "Zm9-", "=", "Zg==Zg=="}) {
        CAPTURE(text);
        CHECK(base64_decode(text) == std::nullopt);
        CHECK(base64_size(text) == std::nullopt);
    }
    for (const char* text : {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg", "Zm9vYmE"}) {
        CAPTURE(text);
        CHECK(base64_size(text) == base64_decode(text)->size());
    }
}
