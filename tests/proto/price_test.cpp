#include "proto/price.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "tests/proto/fake_provider.hpp"

using namespace genspool::proto;
using genspool::tests::FakeProvider;

namespace {

Checked checked(std::string key, std::int64_t quantity = 1) {
    Checked checked;
    checked.price_key = std::move(key);
    checked.quantity = quantity;
    return checked;
}

constexpr Money usd(Micros amount) {
    return {amount, Unit::usd};
}

struct World {
    FakeProvider provider{"fake"};
    Registry registry{{&provider}};
};

}  // namespace

TEST_CASE("a price is found by its whole key, else by the nearest shorter one") {
    World world;
    const PriceTable prices(world.registry);

    CHECK(prices.quote(checked("fake.video/m1")) == usd(490'000));
    CHECK(prices.quote(checked("fake.video/m1/1080P/6")) == usd(490'000));
    CHECK(prices.quote(checked("fake.tts/any/model", 20'000)) == usd(1'000'000));
    CHECK_FALSE(prices.quote(checked("fake.video/m11")).has_value());
    CHECK_FALSE(prices.quote(checked("fake.video")).has_value());
    CHECK_FALSE(prices.quote(checked("")).has_value());
}

TEST_CASE("what only the upstream measures has the price of its very key, or none") {
    World world;
    Checked unmeasured = checked("fake.video/m1/from_video");
    unmeasured.unmeasured = true;
    CHECK_FALSE(PriceTable(world.registry).quote(unmeasured).has_value());

    const PriceOverride set{"fake.video/m1/from_video", usd(900'000)};
    CHECK(PriceTable(world.registry, std::span(&set, 1)).quote(unmeasured) == usd(900'000));
}

TEST_CASE("an estimate is rounded up, never down") {
    World world;
    const PriceOverride third{"fake.third", usd(1), 3};
    const PriceTable prices(world.registry, {&third, 1});

    CHECK(prices.quote(checked("fake.third", 1)) == usd(1));
    CHECK(prices.quote(checked("fake.third", 3)) == usd(1));
    CHECK(prices.quote(checked("fake.third", 4)) == usd(2));
    CHECK(prices.quote(checked("fake.third", 0)) == usd(0));
    CHECK(prices.quote(checked("fake.third", -5)) == usd(0));
}

TEST_CASE("an estimate beyond the range of money is its upper end") {
    World world;
    const PriceOverride dear{"fake.dear", usd(1'000'000'000'000)};
    const PriceTable prices(world.registry, {&dear, 1});

    CHECK(prices.quote(checked("fake.dear", std::numeric_limits<std::int64_t>::max())) ==
          usd(std::numeric_limits<Micros>::max()));
}

TEST_CASE("the configuration's price replaces the built-in one and adds new ones") {
    World world;
    const std::vector<PriceOverride> overrides = {
        {"fake.video/m1", {7, Unit::credits}},
        {"fake.video/m1/4K", usd(900'000)},
        {"fake.tts", usd(30'000'000)},
    };
    const PriceTable prices(world.registry, overrides);

    CHECK(prices.quote(checked("fake.video/m1/1080P")) == Money{7, Unit::credits});
    CHECK(prices.quote(checked("fake.video/m1/4K/6")) == usd(900'000));
    CHECK(prices.quote(checked("fake.tts/x", 1'000'000)) == usd(30'000'000));
}
