#include "daemon/sign_ins.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>

#include "tests/daemon/token_file.hpp"
#include "tests/support/sim_clock.hpp"

using namespace genspool;
using namespace genspool::daemon;
using tests::TokenFile;

namespace {

const std::string host = "127.0.0.1:7788";

/// A token file with desk and boss in it, and browsers that are signed in.
struct World {
    explicit World(const std::string& secret = "a secret", bool secure = false)
        : sign_ins(secret, secure, tokens, clock) {}

    /// The file before the tokens, which want it to be there.
    struct File : TokenFile {
        File() {
            add("desk");
            add("boss", true);
        }
    };
    /// Signs a browser in; "NAME=VALUE" of the cookie.
    std::string begin(const std::string& name, const std::string& at = host) {
        const auto said = sign_ins.begin(TokenFile::secret(name), at);
        REQUIRE(said);
        return said->substr(0, said->find(';'));
    }
    std::string principal(const std::string& cookie, const std::string& at = host) {
        const auto found = sign_ins.find(request(cookie, at));
        return found ? found->caller.principal : "";
    }
    static Request request(const std::string& cookie, const std::string& at = host) {
        Request request;
        request.fields[static_cast<std::size_t>(Field::host)] = at;
        request.fields[static_cast<std::size_t>(Field::cookie)] = cookie;
        return request;
    }

    File file;
    boost::asio::io_context io;
    tests::SimClock clock{io, proto::Instant{std::chrono::seconds{1'800'000'000}}};
    Tokens tokens{file.path()};
    SignIns sign_ins;
};

}  // namespace

TEST_CASE(
    "whoever shows a token gets a cookie for twelve hours that no script and no other page has") {
    World world;
    const auto said = world.sign_ins.begin(TokenFile::secret("boss"), host);
    REQUIRE(said);
    CHECK(said->starts_with("genspool-7788=boss.1800043200."));
    CHECK(said->ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"));
    CHECK(said->find(TokenFile::secret("boss")) == std::string::npos);
    const auto found = world.sign_ins.find(World::request(said->substr(0, said->find(';'))));
    REQUIRE(found);
    CHECK(found->caller.principal == "token:boss");
    CHECK(found->caller.admin);
    CHECK(found->expires == world.clock.now() + sign_in_life);
    CHECK_FALSE(world.sign_ins.begin("guessed", host));
    CHECK_FALSE(world.sign_ins.begin("", host));
    CHECK(world.begin("desk") != world.begin("desk"));

    World secure("a secret", true);
    const auto over_tls = secure.sign_ins.begin(TokenFile::secret("desk"), "spool.example.org");
    REQUIRE(over_tls);
    CHECK(over_tls->starts_with("__Host-genspool=desk."));
    CHECK(over_tls->ends_with("; Secure"));
}

TEST_CASE("a cookie is found among others, and is of one port") {
    World world;
    const std::string cookie = world.begin("desk");
    CHECK(world.principal(cookie) == "token:desk");
    CHECK(world.principal("a=b; " + cookie + "; c=d") == "token:desk");
    CHECK(world.principal("x" + cookie).empty());
    CHECK(world.principal("").empty());
    CHECK(world.principal("genspool-7788").empty());
    CHECK(world.principal(cookie, "127.0.0.1:7799").empty());
    CHECK(world.begin("desk", "[::1]:80").starts_with("genspool-80="));
    CHECK(world.begin("desk", "[::1]").starts_with("genspool="));
}

TEST_CASE("a cookie that was changed anywhere, or signed with another secret, is nobody's") {
    World world;
    const std::string cookie = world.begin("desk");
    for (std::size_t at = cookie.find('=') + 1; at < cookie.size(); ++at) {
        std::string changed = cookie;
        changed[at] = changed[at] == '1' ? '2' : '1';
        CAPTURE(changed);
        CHECK(world.principal(changed).empty());
    }
    CHECK(world.principal(cookie + "0").empty());
    CHECK(world.principal("genspool-7788=desk").empty());
    CHECK(world.principal("genspool-7788=...").empty());
    CHECK(world.principal("genspool-7788=boss" + cookie.substr(cookie.find('.'))).empty());
    World other("another secret");
    CHECK(other.principal(cookie).empty());
    // A restart is no other secret.
    World again;
    CHECK(again.principal(cookie) == "token:desk");
}

TEST_CASE("a cookie ends with its time, with its token, and when its browser signs out") {
    World world;
    const std::string cookie = world.begin("desk");
    const std::string second = world.begin("desk");
    CHECK(world.sign_ins.end(World::request(cookie)) ==
          "genspool-7788=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    CHECK(world.principal(cookie).empty());
    CHECK(world.principal(second) == "token:desk");
    world.sign_ins.end(World::request("genspool-7788=desk.1.2.3"));  // changes nothing

    world.file.write("# nobody\n");
    CHECK(world.principal(second).empty());
    world.file.add("desk");
    CHECK(world.principal(second) == "token:desk");
    // Another token of the same name is another token.
    TokenFile replaced;
    replaced.add("other");
    std::string text = replaced.text();
    world.file.write(text.replace(text.find("other"), 5, "desk"));
    CHECK(world.principal(second).empty());
    world.file.write("");
    world.file.add("desk");

    world.clock.advance(sign_in_life - std::chrono::seconds{1});
    CHECK(world.principal(second) == "token:desk");
    world.clock.advance(std::chrono::seconds{1});
    CHECK(world.principal(second).empty());
    CHECK(world.principal(cookie).empty());
}
