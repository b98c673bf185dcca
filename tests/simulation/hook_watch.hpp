#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "daemon/hooks/hook.hpp"
#include "queue/core.hpp"
#include "queue/views.hpp"
#include "tests/simulation/dice.hpp"
#include "workers/clock.hpp"

namespace genspool::simulation {

/// Holds what a hook is told against the event log: all that it was to be told of.
class HookWatch {
public:
    explicit HookWatch(std::function<void(std::string)> broke) : broke_(std::move(broke)) {}

    static constexpr const char* name = "listener";
    static const std::set<proto::State>& tells();

    /// The log has grown by this event.
    void note(const queue::EventRecord& event, const queue::Core& core);
    void told(const queue::EventRecord& event);
    /// Whether it is still to be told of something.
    bool waits() const { return !untold_.empty(); }
    /// What that is, and what the queue knows of it.
    std::string untold(const queue::Core& core) const;
    void check_end() const;

private:
    std::function<void(std::string)> broke_;
    std::optional<proto::EventSeq> from_;  ///< it is told of what comes after this
    proto::EventSeq last_;                 ///< noted
    std::map<proto::EventSeq, queue::EventRecord> untold_;
    std::set<proto::EventSeq> told_before_noted_;
};

/// Somebody who is told, outlives every process, and does not take what he is told now and then; in
/// the end always.
class Listener : public daemon::hooks::Hook {
public:
    Listener(workers::Clock& clock, HookWatch& watch, std::uint64_t seed)
        : clock_(clock), watch_(watch), dice_(seed) {}

    bool wants(const queue::JobView&) const override { return true; }
    boost::asio::awaitable<daemon::hooks::Outcome> tell(daemon::hooks::Message message) override;

private:
    workers::Clock& clock_;
    HookWatch& watch_;
    Dice dice_;
    std::map<proto::EventSeq, int> refused_;
};

}  // namespace genspool::simulation
