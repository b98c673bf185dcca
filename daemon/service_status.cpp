#include "daemon/service_status.hpp"

#include <functional>
#include <initializer_list>
#include <utility>

#include "daemon/queue_calls.hpp"
#include "daemon/service_manager.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

using proto::State;

constexpr proto::Duration pace = std::chrono::seconds{10};

std::uint64_t count(const queue::Stats& stats, std::initializer_list<State> states) {
    std::uint64_t sum = 0;
    for (const State state : states)
        sum += stats.by_state.at(static_cast<std::size_t>(state));
    return sum;
}

std::string accounts_text(std::size_t accounts) {
    if (accounts == 0) return "no account is configured: jobs are taken, nothing is bought";
    return std::to_string(accounts) + (accounts == 1 ? " account" : " accounts");
}

const char* disk_text(queue::DiskGate disk) {
    switch (disk) {
        case queue::DiskGate::open:
            return "";
        case queue::DiskGate::no_submit:
            return "the disk fills up: nothing is bought; ";
        case queue::DiskGate::no_fetch:
            return "the disk fills up: nothing is fetched; ";
        case queue::DiskGate::no_intake:
            return "the disk is full: no job is taken; ";
    }
    return "";
}

}  // namespace

std::string status_line(const queue::Stats& stats, const StatusFacts& facts) {
    const std::uint64_t submitting = count(stats, {State::submitting});
    std::string line;
    if (facts.stopping)
        line += "stopping; paid requests on the wire: " + std::to_string(submitting) + "; ";
    if (!facts.notice.empty()) line += facts.notice + "; ";
    line += disk_text(stats.disk);
    if (stats.paused) line += "paused (" + stats.paused_reason + "); ";
    const std::uint64_t waiting = count(stats, {State::blocked, State::queued});
    const std::uint64_t under_way =
        submitting + count(stats, {State::preparing, State::unknown, State::running,
                                   State::canceling, State::fetching});
    line += std::to_string(waiting) + " waiting, " + std::to_string(under_way) + " under way, " +
            std::to_string(count(stats, {State::held})) + " held; ";
    return line + accounts_text(facts.accounts);
}

ServiceStatus::ServiceStatus(queue::Queue& queue, workers::Clock& clock, const StatusFacts& facts)
    : queue_(queue), clock_(clock), facts_(facts) {}

asio::awaitable<void> ServiceStatus::run() {
    bool go_on = true;
    while (go_on) {
        co_await tell();
        go_on = co_await clock_.sleep_until(clock_.now() + pace);
    }
}

asio::awaitable<void> ServiceStatus::tell() {
    queue::Stats stats;
    std::function<void(const queue::Reader&)> errand = [&stats](const queue::Reader& reader) {
        stats = reader.stats();
    };
    co_await look(queue_, std::move(errand));
    std::string line = status_line(stats, facts_);
    if (line == told_) co_return;
    told_ = std::move(line);
    service_manager::status(told_);
}

}  // namespace genspool::daemon
