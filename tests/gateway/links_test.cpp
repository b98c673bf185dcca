#include "daemon/gateway/links.hpp"

#include <doctest/doctest.h>

using namespace genspool;
using namespace genspool::daemon::gateway;

namespace {

const proto::Instant now{std::chrono::seconds{1'800'000'000}};

daemon::Request asking(const std::string& method, const std::string& target) {
    daemon::Request request;
    request.method = method;
    request.target = target;
    return request;
}

}  // namespace

TEST_CASE("a link opens its file for a day, to who looks") {
    const Links links("a secret");
    const std::string path = links.make("/minimax", 1234, ".mp4", now);
    CHECK(path.starts_with("/minimax/download/1234-"));
    CHECK(path.ends_with(".mp4"));
    const auto link = links.read(path);
    REQUIRE(link);
    CHECK(link->number == 1234);
    CHECK(link->expires >= now + link_life);
    CHECK(link->expires <= now + link_life + std::chrono::minutes{1});

    CHECK(links.open(asking("GET", path), now));
    CHECK(links.open(asking("HEAD", path), now));
    CHECK(links.open(asking("GET", path + "?a=b"), now));
    CHECK_FALSE(links.open(asking("POST", path), now));
    CHECK_FALSE(links.open(asking("GET", path), link->expires));
}

TEST_CASE("who asks again within a minute gets the same address") {
    const Links links("a secret");
    CHECK(links.make("/minimax", 7, "", now) ==
          links.make("/minimax", 7, "", now + std::chrono::seconds{59}));
}

TEST_CASE("a link that was changed anywhere opens nothing") {
    const Links links("a secret");
    const std::string path = links.make("/minimax", 1234, "", now);
    for (std::size_t at = 0; at < path.size(); ++at) {
        std::string changed = path;
        changed[at] = changed[at] == '1' ? '2' : '1';
        CAPTURE(changed);
        CHECK_FALSE(links.read(changed));
    }
    for (std::size_t length = 0; length < path.size(); ++length) {
        CAPTURE(length);
        CHECK_FALSE(links.read(path.substr(0, length)));
    }
    CHECK_FALSE(Links("another secret").read(path));
    CHECK_FALSE(links.open(asking("GET", "/v1/jobs"), now));
}
