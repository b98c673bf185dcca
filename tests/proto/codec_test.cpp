#include "proto/codec.hpp"

#include <doctest/doctest.h>

#include "tests/proto/fake_provider.hpp"

using namespace genspool::proto;
using genspool::tests::FakeProvider;

TEST_CASE("a header is found in any case, the first one of its name") {
    const Reply reply{200, {{"Content-Type", "a"}, {"content-type", "b"}, {"X", ""}}, ""};

    CHECK(reply.header("CONTENT-type") == "a");
    CHECK(reply.header("X").empty());
    CHECK(reply.header("content").empty());
}

TEST_CASE("providers stand in the order of their names and are found by it") {
    const FakeProvider zebra("zebra");
    const FakeProvider ant("ant");
    const Registry registry({&zebra, &ant});

    REQUIRE(registry.providers().size() == 2);
    CHECK(registry.providers()[0] == &ant);
    CHECK(registry.provider("zebra") == &zebra);
    CHECK(registry.provider("bee") == nullptr);
    CHECK(registry.codec("ant.tts")->info().provider == "ant");
    CHECK(registry.codec("bee.tts") == nullptr);
}
