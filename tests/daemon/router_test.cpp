#include "daemon/router.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace genspool::daemon;

TEST_CASE("a pattern takes one segment for each pair of braces") {
    std::vector<std::string> arguments;

    CHECK(matches("/v1/jobs", "/v1/jobs", arguments));
    CHECK(arguments.empty());
    CHECK(matches("/v1/jobs/{}/artifacts/{}", "/v1/jobs/AB/artifacts/0", arguments));
    CHECK(arguments == std::vector<std::string>{"AB", "0"});
    CHECK(matches("/v1/accounts/{}/pause", "/v1/accounts/a%2Fb/pause", arguments));
    CHECK(arguments.front() == "a/b");

    CHECK_FALSE(matches("/v1/jobs/{}", "/v1/jobs/", arguments));
    CHECK_FALSE(matches("/v1/jobs/{}", "/v1/jobs/a/b", arguments));
    CHECK_FALSE(matches("/v1/jobs/{}", "/v1/jobs/%zz", arguments));
    CHECK_FALSE(matches("/v1/jobs", "/v1/jobs/", arguments));
    CHECK_FALSE(matches("/v1/jobs/{}/cancel", "/v1/jobs/a/cance", arguments));
}

TEST_CASE("percent encoding is decoded, and refused where it is none") {
    CHECK(percent_decoded("a%20b%C3%A4") == "a b\xC3\xA4");
    CHECK_FALSE(percent_decoded("%").has_value());
    CHECK_FALSE(percent_decoded("%2").has_value());
    CHECK_FALSE(percent_decoded("%g0").has_value());
    CHECK_FALSE(percent_decoded("%00").has_value());
}

TEST_CASE("no call stands in the table twice") {
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (const Route& each : all_routes())
        CHECK(seen.emplace(each.method, each.pattern).second);
}
