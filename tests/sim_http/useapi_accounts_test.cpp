// What a token of useapi.net opens, and how much of it at once.
#include <doctest/doctest.h>

#include "tests/sim_http/useapi_client.hpp"
#include "tests/simulator/digest.hpp"

using namespace genspool::tests;
using genspool::simulator::to_base64;
using std::chrono::milliseconds;
namespace json = boost::json;

namespace {

constexpr std::string_view cursor = "https://hailuoai.video/v1/api/cursor?uuid=1";

std::string login_of(std::string_view account, std::int64_t exp) {
    const json::object claims{{"exp", exp}, {"user", json::object{{"id", account}}}};
    return "head." + to_base64(json::serialize(claims)) + ".signature";
}

int buy_on(UseapiClient& client, std::string_view path, std::string_view account,
           std::string_view prompt) {
    json::object body{{"prompt", prompt}, {"text", prompt}, {"voice_id", "7"}};
    if (!account.empty()) body.emplace("account", account);
    return client.buy(path, body).status;
}

}  // namespace

TEST_CASE("useapi: only a token opens anything") {
    UseapiClient client(instant_options());
    const auto status = [&](const std::string& token) {
        client.key = token;
        return client.ask("GET", "/scheduler/").status;
    };
    CHECK(status("user:1-secret") == 200);
    CHECK(status("user:2-x-y") == 200);
    CHECK(status("key") == 401);
    CHECK(status("user:1") == 401);
    CHECK(status("user:x-secret") == 401);
    CHECK(status("user:1-bad") == 401);
    CHECK(status("user:1-broke") == 402);
    CHECK(status("user:1-echo") == 401);
    client.key = "key";
    CHECK_FALSE(body_of(client.ask("GET", "/agent/jobs")).contains("code"));
    CHECK(client.ask("GET", "/llm").status == 404);
}

TEST_CASE("useapi: nobody sees what another token has") {
    UseapiClient client(instant_options());
    const auto id = client.video("a kite");
    client.key = "user:2-secret";
    CHECK(client.look(id).status == 400);
    CHECK(json_of(client.ask("GET", "/videos/?account=301")).as_array().empty());
    client.key = "user:1-secret";
    CHECK(client.look("412").status == 400);
    CHECK(client.look("user:1-minimax:301-video:412").status == 404);
    CHECK(client.ask("GET", "/images/" + id).status == 400);
}

TEST_CASE("useapi: accounts are linked, shown by their names, and unlinked") {
    UseapiClient client(instant_options());
    CHECK(client.ask("GET", "/accounts").status == 404);
    const std::int64_t exp = client.now.time_since_epoch().count() / 1'000 + 3'600;
    const json::object link{{"url", cursor}, {"token", login_of("301", exp)}, {"maxJobs", 2}};
    CHECK(client.buy("/accounts", link).status == 201);
    CHECK(client.buy("/accounts", link).status == 201);
    const auto shown = body_of(client.ask("GET", "/accounts")).at("301").as_object();
    CHECK(shown.at("maxJobs") == 2);
    CHECK(shown.at("jwt").at("exp").as_double() ==
          doctest::Approx(static_cast<double>(exp) + 0.25));
    CHECK(shown.at("jwt").at("token") == "***");
    CHECK_FALSE(shown.contains("error"));
    CHECK(client.ask("GET", "/accounts/301").status == 200);
    CHECK(client.ask("DELETE", "/accounts/301").status == 204);
    CHECK(client.ask("DELETE", "/accounts/301").status == 404);
    CHECK(client.ask("GET", "/accounts/301").status == 404);
    CHECK(buy_on(client, "/videos/create", "301", "x") == 400);

    const auto refused = [&](std::string_view field, const json::value& value) {
        json::object other = link;
        other[field] = value;
        return client.buy("/accounts", other).status == 400;
    };
    CHECK(refused("token", "a.b.c"));
    CHECK(refused("url", "https://hailuoai.video/"));
    CHECK(refused("maxJobs", 11));
    CHECK(refused("maxJobs", nullptr));
}

TEST_CASE("useapi: an account that is broken sells nothing until it is linked anew") {
    UseapiClient client(instant_options());
    client.set({{"account", "301"}, {"error", "login lost"}});
    CHECK(buy_on(client, "/videos/create", "301", "x") == 596);
    CHECK(body_of(client.ask("GET", "/accounts")).at("301").at("error") == "login lost");
    const std::int64_t now = client.now.time_since_epoch().count() / 1'000;
    client.buy("/accounts",
               {{"url", cursor}, {"token", login_of("301", now + 3'600)}, {"maxJobs", 2}});
    CHECK(buy_on(client, "/videos/create", "301", "x") == 200);
    client.pass(std::chrono::hours(1));
    CHECK(buy_on(client, "/videos/create", "301", "x") == 596);
    client.set({{"account", "301"}, {"exp", now + 7'200}});
    CHECK(buy_on(client, "/videos/create", "301", "x") == 200);
}

TEST_CASE("useapi: credits end, and not every account has a voice") {
    UseapiClient client(instant_options());
    client.set({{"account", "301"}, {"credits", 31}, {"supportAudio", false}});
    CHECK(buy_on(client, "/videos/create", "301", "x") == 200);
    CHECK(body_of(client.ask("GET", "/features/?account=301")).at("totalCredits") == 1);
    CHECK(buy_on(client, "/videos/create", "301", "x") == 412);
    CHECK(buy_on(client, "/images/create", "301", "x") == 200);
    CHECK(buy_on(client, "/images/create", "301", "x") == 412);
    CHECK(buy_on(client, "/speech/create", "301", "x") == 412);
    CHECK(buy_on(client, "/music/create", "301", "x") == 412);
    CHECK(buy_on(client, "/speech/create", "302", "x") == 201);
    client.set({{"account", "302"}, {"supportVideo", false}});
    CHECK(buy_on(client, "/videos/create", "302", "x") == 412);
    CHECK(client.post("/sim/useapi", R"({"account":"301","credits":"many"})").status == 400);
    CHECK(client.post("/sim/useapi", R"({"account":"301","colour":7})").status == 400);
    CHECK(client.post("/sim/useapi", R"({"credits":7})").status == 400);
}

TEST_CASE("useapi: with several accounts only videos find one by themselves") {
    UseapiClient client;
    CHECK(buy_on(client, "/images/create", "", "x") == 200);
    CHECK(client.records.truths().at(0).account == "301000000000000001");
    client.set({{"account", "302"}, {"maxJobs", 1}});
    for (const char* path : {"/images/create", "/speech/create", "/music/create"})
        CHECK(buy_on(client, path, "", "x") == 400);
    for (const char* path : {"/videos/", "/images", "/speech/", "/features/", "/files",
                             "/speech/voices/", "/videos/characters/"})
        CHECK(client.ask("GET", path).status == 400);
    std::map<std::string, int> videos;
    for (int n = 0; n < 4; ++n) {
        CHECK(buy_on(client, "/videos/create", "", "x [[slow:60]]") == 200);
        ++videos[client.records.truths().back().account];
    }
    CHECK(videos["302"] == 1);
    CHECK(buy_on(client, "/videos/create", "", "x") == 429);
    CHECK(client.records.violations().empty());
}

TEST_CASE("useapi: more videos than maxJobs are refused and remembered") {
    UseapiClient client;
    client.set({{"account", "301"}, {"maxJobs", 2}});
    client.video("a [[slow:60]]");
    client.video("b [[slow:60]]");
    CHECK(buy_on(client, "/videos/create", "301", "c") == 429);
    REQUIRE(client.records.violations().size() == 1);
    CHECK(client.records.violations()[0].account == "301");
    CHECK(client.records.violations()[0].limit == 2);
    const auto scheduled = body_of(client.ask("GET", "/scheduler/available"));
    CHECK(scheduled.at("executing").as_array().size() == 2);
    CHECK(scheduled.at("available").as_array().empty());
    CHECK(client.buy("/videos/create", {{"account", "301"}, {"prompt", "c"}, {"maxJobs", 3}})
              .status == 200);
}

TEST_CASE("useapi: what the site allows counts what is not tracked") {
    UseapiClient client;
    client.set({{"account", "301"}, {"maxJobs", 1}, {"queueLength", 1}});
    const auto id = client.video("a [[slow:60]]");
    CHECK(client.ask("DELETE", "/scheduler/" + id).status == 204);
    CHECK(client.look(id).status == 200);
    const auto free = body_of(client.ask("GET", "/scheduler/available")).at("available").at(0);
    CHECK(free.at("available") == 1);
    CHECK(buy_on(client, "/videos/create", "301", "b") == 429);
    CHECK(client.records.violations().empty());
    CHECK(client.records.faults().back().fault == "hidden-limit");
    client.pass(milliseconds(60'000));
    CHECK(buy_on(client, "/videos/create", "301", "b") == 200);
}

TEST_CASE("useapi: images and songs have limits that are told, speech and agents others") {
    UseapiClient client;
    client.set({{"account", "301"}, {"imageQueueLength", 1}, {"speechLimit", 1}});
    const auto twice = [&](std::string_view path) {
        const int first = buy_on(client, path, "301", "a [[slow:60]]");
        CHECK((first == 200 || first == 201));
        return buy_on(client, path, "301", "b");
    };
    CHECK(twice("/images/create") == 429);
    CHECK(client.records.violations().size() == 1);
    CHECK(twice("/music/create") == 429);
    CHECK(client.records.violations().size() == 2);
    CHECK(twice("/speech/create") == 429);
    CHECK(client.records.violations().size() == 2);
    CHECK(body_of(client.post("/sim/finish", "")).at("finished") == 3);
    CHECK(buy_on(client, "/music/create", "301", "b") == 201);
    const auto stats = body_of(client.get("/sim/stats"));
    CHECK(stats.at("in_flight").at("301").at("speech").at("max") == 1);
}
