#include "daemon/gateway/answers.hpp"

#include <doctest/doctest.h>

using namespace genspool;
using namespace genspool::daemon;
using gateway::Answers;

namespace {

struct Client : BodySource {
    boost::asio::awaitable<BodyPiece> next() override { co_return BodyPiece(BodyState::end); }
    void holds(std::uint64_t) override {}
    bool gone() override { return has_gone; }

    bool has_gone = false;
};

}  // namespace

TEST_CASE("a job is awaited as long as one who waits for it is there") {
    Answers answers;
    Client one;
    Client two;
    CHECK_FALSE(answers.awaited({7}));
    const Answers::Waiter first(answers, {7}, one);
    {
        const Answers::Waiter second(answers, {7}, two);
        CHECK(answers.awaited({7}));
        CHECK_FALSE(answers.awaited({8}));
        one.has_gone = true;
        CHECK(answers.awaited({7}));
    }
    CHECK_FALSE(answers.awaited({7}));
    CHECK(first.gone());
}

TEST_CASE("what was answered is known of the last 4,096 jobs") {
    Answers answers;
    Client client;
    for (std::uint64_t seq = 1; seq <= 5'000; ++seq) {
        Answers::Waiter waiter(answers, {seq}, client);
        CHECK_FALSE(answers.answered({seq}));
        waiter.is_answered();
        waiter.is_answered();
        CHECK(answers.answered({seq}));
    }
    CHECK(answers.answered({905}));
    CHECK_FALSE(answers.answered({904}));
}
