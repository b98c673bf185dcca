#include "workers/file_pool.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace genspool::workers {

namespace asio = boost::asio;

FilePool::FilePool(std::size_t threads) {
    if (threads > 0) threads_.emplace(threads);
}

FilePool::~FilePool() {
    if (threads_) threads_->join();
}

asio::awaitable<void> FilePool::visit(std::function<void()> work) {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer back(executor, asio::steady_timer::time_point::max());
    bool done = false;
    auto announce = [&back, &done] {
        done = true;
        back.cancel();
    };
    // The executor is copied into the closure: the moment the announcement is posted, this frame
    // may end on the other thread.
    auto errand = [&work, announce, executor] {
        work();
        asio::post(executor, announce);
    };
    if (threads_) {
        asio::post(*threads_, std::move(errand));
    } else {
        asio::post(executor, std::move(errand));
    }
    // Without a slot the wait cannot see the caller's cancellation.
    const asio::cancellation_slot no_slot;
    while (!done) {
        co_await back.async_wait(
            asio::bind_cancellation_slot(no_slot, asio::as_tuple(asio::use_awaitable)));
    }
    co_await asio::this_coro::throw_if_cancelled(throws);
}

}  // namespace genspool::workers
