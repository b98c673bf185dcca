#include "tests/support/sim_clock.hpp"

#include <algorithm>

namespace genspool::tests {

SimClock::SimClock(boost::asio::io_context& io, proto::Instant start)
    : io_(io), now_(start), sleepers_(io.get_executor(), [] {}) {}

boost::asio::awaitable<bool> SimClock::sleep_until(proto::Instant due) {
    return sleepers_.sleep_until(due);
}

std::optional<proto::Instant> SimClock::next() const {
    const auto earliest = sleepers_.earliest();
    if (!earliest || *earliest == proto::never) return std::nullopt;
    return earliest;
}

bool SimClock::step() {
    const auto due = next();
    if (!due) return false;
    now_ = std::max(now_, *due);
    sleepers_.wake_earliest();
    return true;
}

void SimClock::settle() {
    do {
        io_.restart();
    } while (io_.poll() > 0);
}

void SimClock::run() {
    run_until([] { return false; });
}

bool SimClock::run_until(const std::function<bool()>& done) {
    settle();
    while (!done() && step())
        settle();
    return done();
}

void SimClock::advance_to(proto::Instant at) {
    settle();
    while (next() && *next() <= at) {
        step();
        settle();
    }
    now_ = std::max(now_, at);
}

}  // namespace genspool::tests
