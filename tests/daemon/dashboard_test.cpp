#include "daemon/dashboard.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "tests/daemon/running_daemon.hpp"
#include "tests/support/places.hpp"

using namespace genspool;
using namespace genspool::tests;

namespace {

std::string text_of(const std::string& path) {
    const daemon::dashboard::File* const file = daemon::dashboard::find(path);
    return file == nullptr ? std::string() : std::string(file->bytes);
}

/// Whatever a file of the dashboard loads, and what that loads.
void follow(const std::string& path, std::set<std::string>& seen) {
    if (!seen.insert(path).second) return;
    const std::string text = text_of(path);
    CAPTURE(path);
    REQUIRE_FALSE(text.empty());
    const std::regex loads(R"re((?:href|src)="(/[^"]+)"|from '\./([^']+)')re");
    for (std::sregex_iterator each(text.begin(), text.end(), loads), end; each != end; ++each)
        follow((*each)[1].matched ? (*each)[1].str() : "/dashboard/" + (*each)[2].str(), seen);
}

}  // namespace

TEST_CASE("the dashboard is whole, loads nothing from elsewhere, and has no script in its page") {
    std::set<std::string> seen;
    follow("/", seen);
    CHECK(seen.size() > 20);
    for (const std::string& path : seen) {
        CAPTURE(path);
        std::string text = text_of(path);
        text = std::regex_replace(text, std::regex("http://www.w3.org/2000/svg"), "");
        CHECK(text.find("//cdn") == std::string::npos);
        CHECK(text.find("https://") == std::string::npos);
        CHECK(text.find("http://") == std::string::npos);
        CHECK(text.find("innerHTML") == std::string::npos);
        CHECK(text.find("eval(") == std::string::npos);
    }
    const std::regex inlined(R"re(<script>|<style|style="|\son[a-z]+=")re");
    CHECK_FALSE(std::regex_search(text_of("/"), inlined));
}

TEST_CASE("the page comes with a policy that runs its own scripts only, and is kept by its hash") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const ApiReply page = client.get("/");
    REQUIRE(page.status == 200);
    CHECK(page.headers.at("content-type") == "text/html; charset=utf-8");
    const std::string policy = page.headers.at("content-security-policy");
    CHECK(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
    CHECK(page.headers.at("x-content-type-options") == "nosniff");
    CHECK(page.headers.at("referrer-policy") == "no-referrer");
    CHECK(page.headers.at("cache-control") == "no-cache");
    std::ifstream source(source_path("daemon/dashboard/index.html"), std::ios::binary);
    CHECK(page.body == std::string(std::istreambuf_iterator<char>(source), {}));

    CHECK(client.get("/dashboard/app.js").headers.at("content-type") ==
          "text/javascript; charset=utf-8");
    const ApiReply known = client.get("/", {{"If-None-Match", page.headers.at("etag")}});
    CHECK(known.status == 304);
    CHECK(known.body.empty());
    CHECK(client.get("/", {{"If-None-Match", "\"other\""}}).status == 200);
    CHECK(client.get("/dashboard/nothing.js").at("code") == "not_found");
    CHECK(client.post("/", "{}").status == 405);
}

TEST_CASE("on the socket the kernel says who looks, and a page of another origin changes nothing") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const ApiReply who = client.get("/v1/session");
    CHECK(who.at("principal").starts_with("uid:"));
    CHECK(who.at("expires_at") == "");
    CHECK(client.post("/v1/session", "").status == 401);
    CHECK(client.call("DELETE", "/v1/session", "", {}).status == 204);

    const Headers own = {{"Sec-Fetch-Site", "same-origin"}};
    CHECK(client.post("/v1/queue/pause", "", own).status == 200);
    for (const Headers& elsewhere :
         {Headers{{"Sec-Fetch-Site", "cross-site"}}, Headers{{"Sec-Fetch-Site", "same-site"}},
          Headers{{"Origin", "http://evil.example"}}, Headers{{"Origin", "null"}}}) {
        CHECK(daemon.client().post("/v1/queue/resume", "", elsewhere).at("code") == "cross_origin");
        CHECK(daemon.client().get("/v1/jobs", elsewhere).at("code") == "cross_origin");
        // A link to the page from elsewhere is a good link.
        CHECK(daemon.client().get("/", elsewhere).status == 200);
    }
    // A page whose name was made to point here takes itself for the daemon's own.
    for (const std::string host : {"evil.example", "evil.example:7788"}) {
        for (const std::string& said :
             {"Origin: http://" + host, std::string("Sec-Fetch-Site: same-origin")}) {
            auto rebound = daemon.client();
            rebound.send_raw("POST /v1/queue/resume HTTP/1.1\r\nHost: " + host + "\r\n" + said +
                             "\r\nContent-Length: 0\r\n\r\n");
            const ApiReply refused = rebound.read_reply();
            CHECK(refused.status == 421);
            CHECK(refused.at("code") == "wrong_host");
        }
    }
    // Programs call it what they like.
    auto program = daemon.client();
    program.send_raw("GET /v1/queue HTTP/1.1\r\nHost: spooler\r\n\r\n");
    CHECK(program.read_reply().at("paused") == "true");
}
