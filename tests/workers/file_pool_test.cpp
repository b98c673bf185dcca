#include "workers/file_pool.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "tests/support/run.hpp"
#include "workers/task_group.hpp"

namespace asio = boost::asio;
using genspool::tests::run;
using genspool::workers::FilePool;
using genspool::workers::on_pool;
using genspool::workers::TaskGroup;

namespace {

asio::awaitable<void> hop(FilePool& pool, int& sum) {
    const std::thread::id home = std::this_thread::get_id();
    for (int i = 1; i <= 100; ++i) {
        auto work = [i, home] {
            CHECK(std::this_thread::get_id() != home);
            return std::to_string(i);
        };
        const std::string text = co_await on_pool(pool, work);
        CHECK(std::this_thread::get_id() == home);
        sum += std::stoi(text);
    }
}

asio::awaitable<void> fail(FilePool& pool) {
    auto work = []() -> int { throw std::runtime_error("disk on fire"); };
    co_await on_pool(pool, work);
}

}  // namespace

TEST_CASE("work runs on the pool, and its result comes back to the event loop") {
    asio::io_context io;
    FilePool pool;
    int sum = 0;
    run(io, hop(pool, sum));
    CHECK(sum == 5050);
}

TEST_CASE("what the work throws is thrown to the one who waits") {
    asio::io_context io;
    FilePool pool;
    CHECK_THROWS_WITH_AS(run(io, fail(pool)), "disk on fire", std::runtime_error);
}

TEST_CASE("a visit to the pool is finished although the visitor is cancelled") {
    asio::io_context io;
    FilePool pool;
    int sum = 0;
    TaskGroup group(io.get_executor(), [](std::string_view, std::exception_ptr) {
        FAIL_CHECK("nothing is to be thrown");
    });
    group.spawn("hopper", hop(pool, sum));

    group.cancel_all();
    run(io, group.join());

    CHECK(sum == 5050);
}
