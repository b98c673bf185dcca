#include "workers/secret_filter.hpp"

#include <doctest/doctest.h>

using genspool::workers::SecretFilter;

TEST_CASE("a secret is blotted out wherever the text is cut") {
    const std::string secret = "sk-sk-1";
    const std::string text = "a sk-sk-1sk-sk-1 b sk-sk-sk-1, sk-sk- and sk-";
    const std::string blotted = "a ************** b sk-*******, sk-sk- and sk-";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        CAPTURE(size);
        SecretFilter filter(secret);
        std::string out;
        for (std::size_t at = 0; at < text.size(); at += size)
            out += filter.pass(text.substr(at, size));
        CHECK(out + filter.rest() == blotted);
    }
    std::string whole = text;
    SecretFilter(secret).blot(whole);
    CHECK(whole == blotted);
}

TEST_CASE("without a secret everything passes") {
    SecretFilter filter("");
    CHECK(filter.pass("sk-1") == "sk-1");
    CHECK(filter.rest().empty());
}
