#include "daemon/origin_check.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace genspool::daemon;

namespace {

Request request_of(const std::string& method, const std::string& site, const std::string& origin) {
    Request request;
    request.method = method;
    request.fields[static_cast<std::size_t>(Field::host)] = "127.0.0.1:7788";
    request.fields[static_cast<std::size_t>(Field::sec_fetch_site)] = site;
    request.fields[static_cast<std::size_t>(Field::origin)] = origin;
    return request;
}

}  // namespace

TEST_CASE("a browser says which page made it ask, and another port is another page") {
    const std::string own = "http://127.0.0.1:7788";
    CHECK(from_page(request_of("POST", "", "")) == FromPage::unsaid);
    CHECK(from_page(request_of("POST", "same-origin", own)) == FromPage::own);
    CHECK(from_page(request_of("GET", "none", "")) == FromPage::own);
    CHECK(from_page(request_of("POST", "", own)) == FromPage::own);
    CHECK(from_page(request_of("POST", "", "https://127.0.0.1:7788")) == FromPage::own);
    // What the browser says of the site counts, not what Origin looks like.
    CHECK(from_page(request_of("POST", "cross-site", own)) == FromPage::elsewhere);
    for (const std::string site : {"same-site", "cross-site", "anything"})
        CHECK(from_page(request_of("GET", site, "")) == FromPage::elsewhere);
    for (const std::string origin : {"null", "http://127.0.0.1:9999", "http://127.0.0.1",
                                     "http://evil.example", "http://127.0.0.1:7788.evil.example",
                                     "127.0.0.1:7788", "http://evil.example/127.0.0.1:7788"}) {
        CAPTURE(origin);
        CHECK(from_page(request_of("POST", "", origin)) == FromPage::elsewhere);
    }
}

TEST_CASE("a cookie is good for looking, and for acting only from the daemon's own page") {
    const std::string own = "http://127.0.0.1:7788";
    CHECK(may_use_cookie(request_of("GET", "", "")));
    CHECK(may_use_cookie(request_of("HEAD", "", "")));
    CHECK(may_use_cookie(request_of("POST", "same-origin", own)));
    CHECK(may_use_cookie(request_of("DELETE", "", own)));
    for (const std::string method : {"POST", "PUT", "PATCH", "DELETE", "ANYTHING"}) {
        CAPTURE(method);
        CHECK_FALSE(may_use_cookie(request_of(method, "", "")));
        CHECK_FALSE(may_use_cookie(request_of(method, "same-site", own)));
    }
    CHECK_FALSE(may_use_cookie(request_of("GET", "same-site", "")));
    CHECK_FALSE(may_use_cookie(request_of("GET", "cross-site", "")));
    CHECK(cross_origin().status == 403);
}
