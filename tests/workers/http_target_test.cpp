#include "workers/http_target.hpp"

#include <doctest/doctest.h>

#include "workers/http_address.hpp"
#include "workers/http_request_head.hpp"

using namespace genspool::workers;

namespace {

bool is_public(const std::string& text) {
    return is_public_address(boost::asio::ip::make_address(text));
}

}  // namespace

TEST_CASE("a URL is taken apart into what a call needs") {
    const auto target = parse_http_target("https://API.Example.com/v1/x%20y?a=b&c#part");
    REQUIRE(target);
    CHECK(target->tls);
    CHECK(target->host == "api.example.com");
    CHECK(target->port == "443");
    CHECK(target->authority == "api.example.com");
    CHECK(target->resource == "/v1/x%20y?a=b&c");
}

TEST_CASE("ports, literal addresses and missing paths are understood") {
    const auto six = parse_http_target("http://[::1]:8080");
    REQUIRE(six);
    CHECK_FALSE(six->tls);
    CHECK(six->host == "::1");
    CHECK(six->port == "8080");
    CHECK(six->authority == "[::1]:8080");
    CHECK(six->resource == "/");
    const auto query = parse_http_target("http://localhost?q=1");
    REQUIRE(query);
    CHECK(query->port == "80");
    CHECK(query->resource == "/?q=1");
}

TEST_CASE("what is no plain http URL is refused") {
    for (const std::string url : {"", "/v1/jobs", "ftp://host/x", "http://", "http:///path",
                                  "http://user:key@host/", "http://host:99999/", "http://host:0/",
                                  "http://ho%0ast/", "http://host/a b", "http://host/\r\nX: y"}) {
        CAPTURE(url);
        CHECK_FALSE(parse_http_target(url));
    }
}

TEST_CASE("servers differ by scheme, host and port") {
    const auto plain = parse_http_target("http://host:443/a");
    const auto secure = parse_http_target("https://host/b");
    const auto again = parse_http_target("https://HOST:443/c");
    CHECK(plain->server() != secure->server());
    CHECK(secure->server() == again->server());
}

TEST_CASE("addresses that are not of the public Internet are told apart") {
    for (const std::string text : {"127.0.0.1",
                                   "0.0.0.0",
                                   "10.1.2.3",
                                   "172.16.0.1",
                                   "172.31.255.255",
                                   "192.168.1.1",
                                   "169.254.169.254",
                                   "100.64.0.1",
                                   "224.0.0.1",
                                   "255.255.255.255",
                                   "::1",
                                   "::",
                                   "fe80::1",
                                   "fc00::1",
                                   "fd12::1",
                                   "ff02::1",
                                   "::ffff:127.0.0.1",
                                   "::ffff:10.0.0.1",
                                   "64:ff9b::7f00:1",
                                   "64:ff9b::1:0:808:808",
                                   "64:ff9b:0:1::808:808",
                                   "64:ff9b:1::808:808",
                                   "64:ff9b:1:ffff::808:808",
                                   "64:ff9b:ffff::808:808",
                                   "2002:7f00:1::",
                                   "2001::1"}) {
        CAPTURE(text);
        CHECK_FALSE(is_public(text));
    }
    for (const std::string text : {"1.1.1.1", "172.32.0.1", "11.0.0.1", "100.128.0.1",
                                   "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"}) {
        CAPTURE(text);
        CHECK(is_public(text));
    }
}

TEST_CASE("the request's head is ours where it shapes the message, and the caller's elsewhere") {
    HttpCall call;
    call.method = "POST";
    call.body = "12345";
    call.headers = {{"Authorization", "Bearer k"}, {"content-length", "99"}, {"host", "evil"}};
    const auto target = parse_http_target("http://host:81/path");
    const auto head = write_request_head(call, *target, "genspool/1");
    REQUIRE(head);
    CHECK(*head ==
          "POST /path HTTP/1.1\r\nHost: host:81\r\nAuthorization: Bearer k\r\n"
          "User-Agent: genspool/1\r\nContent-Length: 5\r\n\r\n");
}

TEST_CASE("a header that would change the message's shape is refused") {
    const auto target = parse_http_target("http://host/");
    HttpCall call;
    call.headers = {{"Authorization", "Bearer k\r\nX-Evil: 1"}};
    CHECK_FALSE(write_request_head(call, *target, "genspool"));
    call.headers = {{"Bad Name", "v"}};
    CHECK_FALSE(write_request_head(call, *target, "genspool"));
    call.headers.clear();
    call.method = "GET / HTTP/1.1\r\n";
    CHECK_FALSE(write_request_head(call, *target, "genspool"));
}
