#include "workers/secret_filter.hpp"

#include <doctest/doctest.h>

using genspool::workers::SecretFilter;

TEST_CASE("a secret is blotted out wherever the text is cut") {
    const std::vector<std::string> secrets = {"sk-sk-1"};
    const std::string text = "a sk-sk-1sk-sk-1 b sk-sk-sk-1, sk-sk- and sk-";
    const std::string blotted = "a ************** b sk-*******, sk-sk- and sk-";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        CAPTURE(size);
        SecretFilter filter(secrets);
        std::string out;
        for (std::size_t at = 0; at < text.size(); at += size)
            out += filter.pass(text.substr(at, size));
        CHECK(out + filter.rest() == blotted);
    }
    std::string whole = text;
    SecretFilter(secrets).blot(whole);
    CHECK(whole == blotted);
}

TEST_CASE("of several secrets each is blotted out, also where one begins as another ends") {
    const std::vector<std::string> secrets = {"sk-1a", "1a2b3c", ""};
    const std::string text = "sk-1a2b3c 1a2b3c sk-1 1a2b";
    for (std::size_t size = 1; size <= text.size(); ++size) {
        CAPTURE(size);
        SecretFilter filter(secrets);
        std::string out;
        for (std::size_t at = 0; at < text.size(); at += size)
            out += filter.pass(text.substr(at, size));
        CHECK(out + filter.rest() == "*****2b3c ****** sk-1 1a2b");
    }
}

TEST_CASE("without a secret everything passes") {
    const std::vector<std::string> none = {""};
    for (const std::span<const std::string> secrets : {std::span(none), std::span(none).first(0)}) {
        SecretFilter filter(secrets);
        CHECK(filter.pass("sk-1") == "sk-1");
        CHECK(filter.rest().empty());
    }
}
