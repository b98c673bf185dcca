#include "daemon/guard.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include "daemon/server_tls.hpp"
#include "tests/daemon/token_file.hpp"
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
    TokenGuard guard(HostCheck({}, nullptr), Tokens(file.path()));
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
    TokenGuard guard(HostCheck({}, nullptr), Tokens(file.path()));
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
