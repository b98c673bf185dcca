#include "workers/http_deadline.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "workers/http_stream.hpp"

namespace genspool::workers {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

namespace {

/// Longer spans would overflow the steady clock; nobody waits for their end.
constexpr proto::Duration span_max = std::chrono::hours(24 * 365);

Steady::time_point from_now(proto::Duration span) {
    return Steady::now() + std::min(span, span_max);
}

}  // namespace

/// Shared with the timer's handler, which may run after the call has ended.
struct HttpDeadline::State : std::enable_shared_from_this<HttpDeadline::State> {
    State(asio::any_io_executor executor, Steady::time_point end)
        : timer(std::move(executor)), total_end(end) {}

    void set(Steady::time_point end) {
        phase_end = std::min(end, total_end);
        // A timer that rings too early looks at phase_end and goes on.
        if (phase_end < rings_at) arm();
    }

    void arm() {
        rings_at = phase_end;
        if (rings_at == Steady::time_point::max()) return;
        timer.expires_at(rings_at);
        timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error) self->ring();
        });
    }

    void ring() {
        if (over) return;
        if (Steady::now() < phase_end) {
            arm();
            return;
        }
        expired = true;
        if (const auto stream = watched.lock()) stream->close();
    }

    asio::steady_timer timer;
    Steady::time_point total_end;
    Steady::time_point phase_end = Steady::time_point::max();
    Steady::time_point rings_at = Steady::time_point::max();
    std::weak_ptr<HttpStream> watched;
    bool expired = false;
    bool over = false;
};

HttpDeadline::HttpDeadline(asio::any_io_executor executor, proto::Duration total) {
    const auto end = total == proto::Duration::zero() ? Steady::time_point::max() : from_now(total);
    state_ = std::make_shared<State>(std::move(executor), end);
}

HttpDeadline::~HttpDeadline() {
    state_->over = true;
    state_->timer.cancel();
}

void HttpDeadline::watch(const std::shared_ptr<HttpStream>& stream) {
    state_->watched = stream;
}

void HttpDeadline::phase(proto::Duration span) {
    state_->set(from_now(span));
}

void HttpDeadline::rest() {
    state_->set(Steady::time_point::max());
}

proto::Duration HttpDeadline::left() const {
    const auto span = std::chrono::ceil<proto::Duration>(state_->phase_end - Steady::now());
    return std::max(span, proto::Duration::zero());
}

bool HttpDeadline::expired() const {
    return state_->expired;
}

void HttpDeadline::expire() {
    state_->expired = true;
}

}  // namespace genspool::workers
