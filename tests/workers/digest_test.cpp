#include "workers/digest.hpp"

#include <doctest/doctest.h>

#include <span>
#include <string>

using genspool::workers::Sha256;
using genspool::workers::sha256_hex;

TEST_CASE("the digest of known strings is the published one") {
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("pieces give the same digest as the whole, and it may be asked midway") {
    const std::string text(100'000, 'x');
    Sha256 digest;
    digest.update(text.substr(0, 1));
    CHECK(digest.hex() == sha256_hex("x"));

    digest.update(std::as_bytes(std::span(text).subspan(1)));

    CHECK(digest.hex() == sha256_hex(text));
    const int first = digest.bytes()[0];
    CHECK(first == std::stoi(digest.hex().substr(0, 2), nullptr, 16));
}
