#include "daemon/guard.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>

#include "daemon/server_tls.hpp"
#include "tests/daemon/token_file.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/support/throwaway_certificates.hpp"

using namespace genspool;
using namespace genspool::daemon;
using tests::TokenFile;

namespace {

Request request_with(const std::string& host, const std::string& authorization) {
    Request request;
    request.fields[static_cast<std::size_t>(Field::host)] = host;
    request.fields[static_cast<std::size_t>(Field::authorization)] = authorization;
    return request;
}

std::string code_of(const std::optional<Reply>& reply) {
    if (!reply) return "let in";
    return std::string(boost::json::parse(reply->body).at("code").as_string());
}

std::string challenge_of(const std::optional<Reply>& reply) {
    for (const auto& [name, value] : reply->headers) {
        if (name == "WWW-Authenticate") return value;
    }
    return {};
}

/// A guard with what it stands on.
struct Entrance {
    explicit Entrance(const TokenFile& file) : tokens(file.path()) {}

    boost::asio::io_context io;
    tests::SimClock clock{io, proto::Instant{std::chrono::seconds{1'800'000'000}}};
    Tokens tokens;
    SignIns sign_ins{"a secret", false, tokens, clock};
    TokenGuard guard{HostCheck({}, nullptr), tokens, sign_ins};
};

Request browser_request(const std::string& method, const std::string& target,
                        const std::string& cookie, const std::string& site) {
    Request request = request_with("127.0.0.1:7788", "");
    request.method = method;
    request.target = target;
    request.fields[static_cast<std::size_t>(Field::cookie)] = cookie;
    request.fields[static_cast<std::size_t>(Field::sec_fetch_site)] = site;
    return request;
}

}  // namespace

TEST_CASE("a page of another name cannot reach the daemon: addresses and its own names only") {
    const HostCheck check({"Spool.example.org"}, nullptr);
    for (const std::string good :
         {"127.0.0.1", "127.0.0.1:7788", "[::1]:7788", "[::1]", "192.0.2.7:80", "localhost:7788",
          "LOCALHOST", "spool.example.org", "SPOOL.example.org.:7788"}) {
        CAPTURE(good);
        CHECK(check.allows(good));
    }
    for (const std::string bad :
         {"", "evil.example", "evil.example:7788", "localhost.evil.example", "127.0.0.1.nip.io",
          "spool.example.org.evil.example", "localhost:7788:1", "localhost:x", "[::1", "[::1]x",
          "::1", "127.0.0.1@evil.example", "localhost/", "example.org"}) {
        CAPTURE(bad);
        CHECK_FALSE(check.allows(bad));
    }
}

TEST_CASE("with TLS the names of the certificate are the daemon's own") {
    const tests::ThrowawayCertificates certificates("spool.example.org");
    const ServerTls tls = make_server_tls(certificates.cert_file(), certificates.key_file());
    REQUIRE(tls.error == "");
    const HostCheck check({}, tls.context.get());
    CHECK(check.allows("spool.example.org:7788"));
    CHECK(check.allows("127.0.0.1"));
    CHECK_FALSE(check.allows("evil.example"));
    CHECK_FALSE(check.allows("example.org"));
}

TEST_CASE("who brings no token, or none that is known, is told the same whoever he is") {
    TokenFile file;
    file.add("desk");
    Entrance door(file);
    TokenGuard& guard = door.guard;
    const std::string good = "Bearer " + TokenFile::secret("desk");

    Request request = request_with("127.0.0.1", good);
    CHECK(code_of(guard.stop(request)) == "let in");
    CHECK(request.caller.principal == "token:desk");
    request = request_with("127.0.0.1", "bearer   " + TokenFile::secret("desk"));
    CHECK(code_of(guard.stop(request)) == "let in");

    for (const std::string& none : {std::string(), std::string("Basic ZGVzazpzZWNyZXQ="),
                                    std::string("Bearer"), std::string("Bearer   ")}) {
        CAPTURE(none);
        request = request_with("127.0.0.1", none);
        const auto reply = guard.stop(request);
        REQUIRE(reply.has_value());
        CHECK(reply->status == 401);
        CHECK(code_of(reply) == "unauthorized");
        CHECK(reply->content_type == "application/problem+json");
        CHECK(challenge_of(reply) == "Bearer realm=\"genspool\"");
        CHECK(request.caller.principal.empty());
    }
    std::string said;
    for (const std::string& wrong : {std::string("Bearer x"), good + "x",
                                     good.substr(0, good.size() - 1), good + " " + good}) {
        request = request_with("127.0.0.1", wrong);
        const auto reply = guard.stop(request);
        REQUIRE(reply.has_value());
        CHECK(reply->status == 401);
        CHECK(challenge_of(reply).find("invalid_token") != std::string::npos);
        CHECK((said.empty() || reply->body == said));
        said = reply->body;
    }
    CHECK(said.find("desk") == std::string::npos);
}

TEST_CASE("the Host field is wanted once, and is looked at before the token") {
    TokenFile file;
    file.add("desk");
    Entrance door(file);
    TokenGuard& guard = door.guard;
    const std::string good = "Bearer " + TokenFile::secret("desk");

    Request request = request_with("", good);
    CHECK(code_of(guard.stop(request)) == "malformed");
    request = request_with("evil.example", good);
    const auto elsewhere = guard.stop(request);
    CHECK(code_of(elsewhere) == "wrong_host");
    CHECK(elsewhere->status == 421);
    request = request_with("127.0.0.1", good);
    request.repeated_field = "Host";
    CHECK(code_of(guard.stop(request)) == "malformed");
}

TEST_CASE("a browser that is signed in is let in by its cookie, but not for a page of another's") {
    TokenFile file;
    file.add("desk");
    Entrance door(file);
    const auto set = door.sign_ins.begin(TokenFile::secret("desk"), "127.0.0.1:7788");
    REQUIRE(set);
    const std::string cookie = set->substr(0, set->find(';'));

    Request request = browser_request("POST", "/v1/queue/pause", cookie, "same-origin");
    CHECK(code_of(door.guard.stop(request)) == "let in");
    CHECK(request.caller.principal == "token:desk");
    CHECK(door.guard.knows(request));
    for (const std::string site : {"cross-site", "same-site", ""}) {
        CAPTURE(site);
        Request other = browser_request("POST", "/v1/queue/pause", cookie, site);
        CHECK(code_of(door.guard.stop(other)) == "cross_origin");
        CHECK(other.caller.principal.empty());
    }
    Request shown = browser_request("GET", "/v1/jobs/X/artifacts/0", cookie, "same-site");
    CHECK(code_of(door.guard.stop(shown)) == "cross_origin");
    // A program that brings the token itself is no page, whatever it says besides.
    Request program = browser_request("POST", "/v1/queue/pause", "", "cross-site");
    program.fields[static_cast<std::size_t>(Field::authorization)] =
        "Bearer " + TokenFile::secret("desk");
    CHECK(code_of(door.guard.stop(program)) == "let in");
    // A wrong token is not made good by a cookie.
    Request both = browser_request("GET", "/v1/jobs", cookie, "same-origin");
    both.fields[static_cast<std::size_t>(Field::authorization)] = "Bearer guessed";
    CHECK(code_of(door.guard.stop(both)) == "unauthorized");

    file.write("# nobody\n");
    CHECK_FALSE(door.guard.knows(request));
    CHECK(code_of(door.guard.stop(request)) == "unauthorized");
}

TEST_CASE(
    "a stranger is shown the page that asks for a token, told that he is nobody, and no more") {
    TokenFile file;
    Entrance door(file);
    Request page = browser_request("GET", "/", "", "cross-site");
    const auto shown = door.guard.stop(page);
    REQUIRE(shown);
    CHECK(shown->status == 200);
    CHECK(shown->content_type == "text/html; charset=utf-8");
    CHECK(page.caller.principal.empty());
    Request script = browser_request("HEAD", "/dashboard/app.js", "", "same-origin");
    CHECK(door.guard.stop(script)->status == 200);
    Request who = browser_request("GET", "/v1/session", "", "same-origin");
    CHECK(door.guard.stop(who)->body == R"({"principal":null,"admin":false,"expires_at":null})");
    for (const std::string target :
         {"/v1/jobs", "/dashboard", "/dashboard/", "/dashboard/../v1/jobs", "/v1/session/"}) {
        CAPTURE(target);
        Request other = browser_request("GET", target, "", "same-origin");
        CHECK(code_of(door.guard.stop(other)) == "unauthorized");
    }
    Request write = browser_request("POST", "/", "", "same-origin");
    CHECK(code_of(door.guard.stop(write)) == "unauthorized");
    // Not under another's name.
    Request elsewhere = browser_request("GET", "/", "", "same-origin");
    elsewhere.fields[static_cast<std::size_t>(Field::host)] = "evil.example";
    CHECK(code_of(door.guard.stop(elsewhere)) == "wrong_host");
}
