#include "daemon/bell.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace genspool::daemon {

namespace asio = boost::asio;

Bell::Bell(const asio::any_io_executor& executor)
    : timer_(executor, asio::steady_timer::time_point::max()) {}

void Bell::ring() {
    rung_ = true;
    timer_.cancel();
}

asio::awaitable<void> Bell::wait() {
    if (!rung_) co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    rung_ = false;
}

asio::awaitable<void> Bell::wait_until(workers::Clock& clock, proto::Instant due) {
    using namespace asio::experimental::awaitable_operators;
    if (rung_) {
        rung_ = false;
        co_return;
    }
    // Neither side ever fails, which is what `||` needs to end with the first of them.
    co_await (clock.sleep_until(due) || timer_.async_wait(asio::as_tuple(asio::use_awaitable)));
    rung_ = false;
}

asio::awaitable<bool> is_cancelled() {
    const auto state = co_await asio::this_coro::cancellation_state;
    co_return state.cancelled() != asio::cancellation_type::none;
}

}  // namespace genspool::daemon
