#include "daemon/account_text.hpp"

#include <doctest/doctest.h>

using namespace genspool;

TEST_CASE("an account whose login upstream has run out is broken, as the gate says") {
    const proto::Instant now{proto::Duration(1'800'000'000'000)};
    queue::AccountView account;
    CHECK(daemon::health_of(account, now) == "ok");
    account.login_until = now + proto::Duration(1);
    CHECK(daemon::health_of(account, now) == "ok");
    account.login_until = now;
    CHECK(daemon::health_of(account, now) == "broken");
    account.paused = true;
    CHECK(daemon::health_of(account, now) == "paused");
}
