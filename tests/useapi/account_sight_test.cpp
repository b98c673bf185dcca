#include "proto/useapi/account_sight.hpp"

#include <doctest/doctest.h>

#include "proto/useapi/provider.hpp"
#include "replies.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

AccountSight see(const Reply& account, const Reply& features = ok("{}")) {
    AccountSight sight;
    useapi_provider().read_look(0, account, sight);
    useapi_provider().read_look(1, features, sight);
    return sight;
}

Reply account(std::string_view change) {
    const auto base = object(
        R"({"account":"301","jwt":{"token":"***","exp":1800000000.5,"iat":1797408000.5},
            "maxJobs":3,"supportVideo":true,"supportAudio":true,"supportMusic":false})");
    return dated(ok(boost::json::serialize(changed(base, change))));
}

using Slots = std::map<std::string, std::uint32_t, std::less<>>;

}  // namespace

TEST_CASE("an account is looked at where it is, or alone among all") {
    const auto looks = useapi_provider().looks();
    REQUIRE(looks.size() == 2);
    CHECK(shown(looks[0]) == "GET /accounts/301");
    CHECK(shown(looks[0], "") == "GET /accounts");
    CHECK(shown(looks[1]) == "GET /features/?account=301");
    CHECK(shown(looks[1], "") == "GET /features/");
    CHECK(see(ok(R"({"301":{"account":"301","maxJobs":2}})")).slots == Slots{{"video", 2}});
    CHECK(see(ok(R"({"301":{"account":"301","maxJobs":2},"302":{"maxJobs":9}})")) ==
          AccountSight{});
}

TEST_CASE("an account has its login until its token expires, to the millisecond") {
    const AccountSight sight = see(account("{}"));
    CHECK(sight.broken.empty());
    CHECK(sight.login_until == Instant(Duration(1'800'000'000'500)));
    // Noon is 1798804800.
    CHECK(see(account(R"({"jwt":{"exp":1798804801}})")).broken.empty());
    CHECK(see(account(R"({"jwt":{"exp":1798804800}})")).broken.find("2027-01-01T12:00:00") !=
          std::string::npos);
    for (const char* jwt : {"null", "7", "{}", R"({"exp":"soon"})", R"({"exp":-1})",
                            R"({"exp":1e300})", R"({"exp":1800000000000})"})
        CHECK_FALSE(see(account(R"({"jwt":)" + std::string(jwt) + "}")).login_until.has_value());
}

TEST_CASE("an account with an error is broken, in the upstream's words") {
    CHECK(see(account(R"({"error":"session lost"})")).broken ==
          "useapi.net says of the account: session lost");
    CHECK(see(account(R"({"error":{"message":"lost","status":401},"errorDetails":"since noon"})"))
              .broken == "useapi.net says of the account: lost: since noon");
    CHECK(see(account(R"({"error":"lost\nevent=\"x\""})")).broken ==
          "useapi.net says of the account: lost_event=_x_");
    CHECK(see(account(R"({"error":""})")).broken.empty());
    CHECK(see(reply(404, R"({"error":"not found"})")).broken == "useapi.net has no such account");
    CHECK(see(ok("[]")) == AccountSight{});
}

TEST_CASE("what an account does not answer itself tells nothing of it") {
    for (const std::size_t look : {0, 1}) {
        for (const Reply& said :
             {reply(404, "404 page not found"), reply(502, "busy"), reply(401, "{}"),
              reply(429, "{}"), reply(400, R"({"queueLength":1})"), ok("7{"), ok("")}) {
            CAPTURE(said.body);
            AccountSight sight;
            CHECK_FALSE(useapi_provider().read_look(look, said, sight));
            CHECK(sight == AccountSight{});
        }
    }
    AccountSight sight;
    CHECK(useapi_provider().read_look(1, reply(404, "{}"), sight));
    CHECK(sight == AccountSight{});
}

TEST_CASE("an answer that holds no account, or no plan, tells nothing of it either") {
    const auto tells = [](std::size_t look, const Reply& said) {
        AccountSight sight;
        const bool told = useapi_provider().read_look(look, said, sight);
        if (!told) CHECK(sight == AccountSight{});
        return told;
    };
    for (const char* body :
         {"{}", "[]", "7", "null", R"({"301":7})", R"({"301":{}})", R"({"message":{"text":"hi"}})",
          R"({"301":{"account":"301"},"302":{"account":"302"}})"}) {
        CAPTURE(body);
        CHECK_FALSE(tells(0, ok(body)));
    }
    CHECK(tells(0, account("{}")));
    CHECK(tells(0, ok(R"({"301":{"account":"301"}})")));
    CHECK(tells(0, reply(404, R"({"error":"not found"})")));
    for (const char* body : {"[]", "7", "null", R"({"error":"busy"})"}) {
        CAPTURE(body);
        CHECK_FALSE(tells(1, ok(body)));
    }
    CHECK(tells(1, ok("{}")));
    CHECK(tells(1, ok(R"({"queueLength":5})")));
}

TEST_CASE("an account may do at once what its plan and its settings both allow") {
    CHECK(see(account("{}")).slots == Slots{{"video", 3}});
    CHECK(see(account("{}"), ok(R"({"queueLength":5,"imageQueueLength":5})")).slots ==
          Slots{{"image", 5}, {"video", 3}});
    CHECK(see(account(R"({"maxJobs":8})"), ok(R"({"queueLength":5})")).slots ==
          Slots{{"video", 5}});
    CHECK(see(account(R"({"maxJobs":null})"), ok(R"({"queueLength":"4"})")).slots ==
          Slots{{"video", 4}});
    CHECK(see(account(R"({"maxJobs":0})"), ok(R"({"queueLength":0,"imageQueueLength":-1})"))
              .slots.empty());
}

TEST_CASE("an account has no slots for what it has no access to") {
    CHECK(see(account(R"({"supportVideo":false})"), ok(R"({"queueLength":5,"imageQueueLength":5})"))
              .slots == Slots{{"agent", 0}, {"image", 0}, {"video", 0}});
    // The flag of the music of old says nothing of that of today.
    CHECK(see(account(R"({"supportAudio":false})")).slots ==
          Slots{{"music", 0}, {"speech", 0}, {"video", 3}});
    CHECK(see(account(R"({"supportAudio":null,"supportVideo":"no"})")).slots ==
          Slots{{"video", 3}});
}
