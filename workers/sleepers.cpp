#include "workers/sleepers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>

namespace genspool::workers {

namespace asio = boost::asio;

/// A place in the order, held by the frame of the coroutine that sleeps.
class Sleepers::Sleeper {
public:
    Sleeper(Sleepers& owner, proto::Instant due)
        : owner_(owner),
          key_(due, owner.arrivals_++),
          timer_(owner.executor_, asio::steady_timer::time_point::max()) {
        owner_.order_.emplace(key_, this);
        owner_.on_change_();
    }

    ~Sleeper() {
        if (woken_) return;
        owner_.order_.erase(key_);
        owner_.on_change_();
    }

    Sleeper(const Sleeper&) = delete;
    Sleeper& operator=(const Sleeper&) = delete;

    void wake() {
        woken_ = true;
        timer_.cancel();
    }

    bool woken() const { return woken_; }
    asio::steady_timer& timer() { return timer_; }

private:
    Sleepers& owner_;
    Key key_;
    asio::steady_timer timer_;  ///< never expires; cancelled by wake() or with the coroutine
    bool woken_ = false;
};

Sleepers::Sleepers(asio::any_io_executor executor, std::function<void()> on_change)
    : executor_(std::move(executor)), on_change_(std::move(on_change)) {}

Sleepers::~Sleepers() {
    if (!order_.empty()) std::abort();
}

asio::awaitable<bool> Sleepers::sleep_until(proto::Instant due) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) co_return false;
    Sleeper sleeper(*this, due);
    co_await sleeper.timer().async_wait(asio::as_tuple(asio::use_awaitable));
    co_return sleeper.woken();
}

std::optional<proto::Instant> Sleepers::earliest() const {
    if (order_.empty()) return std::nullopt;
    return order_.begin()->first.first;
}

void Sleepers::wake_earliest() {
    if (order_.empty()) return;
    Sleeper* const first = order_.begin()->second;
    order_.erase(order_.begin());
    first->wake();
}

void Sleepers::wake_due(proto::Instant now) {
    while (!order_.empty() && order_.begin()->first.first <= now)
        wake_earliest();
}

}  // namespace genspool::workers
