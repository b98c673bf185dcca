#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/dice.hpp"
#include "tests/simulation/oracle.hpp"
#include "tests/simulation/process.hpp"
#include "tests/simulation/scenario.hpp"
#include "tests/simulator/exchange.hpp"

namespace genspool::simulation {

/// Whoever posts to the callbacks' addresses: the upstream, whose calls come in time, too early,
/// late, again or never; and somebody who has learned the addresses and makes things up. Times are
/// the upstream's.
class Caller {
public:
    Caller(const CallbackWay& way, Oracle& oracle, std::uint64_t seed);

    /// What the upstream means to say of a purchase that is answered in so long.
    void promise(simulator::Callbacks plan, proto::Duration answer, proto::Instant now);
    /// When the next call is made; nullopt: there is none.
    std::optional<proto::Instant> next() const;
    /// Makes the next call, which is due. `process` null: nobody hears it.
    void call(Process* process, proto::Instant now);
    /// Evenly up to twice as many; by these dice.
    std::uint64_t some_steps(std::uint64_t about) { return 1 + dice_.below(2 * about); }
    /// Somebody makes something up, or the upstream says once more what it has said long ago.
    void forge(proto::Instant now);

private:
    struct Call {
        std::string url;
        std::string body;
        std::string task;                            ///< that it is about; empty: none
        bool forged = false;                         ///< not what the upstream says
        std::shared_ptr<simulator::Callbacks> plan;  ///< of a challenge: what comes if it is met
    };

    void begin(const simulator::Callbacks& plan, proto::Instant now);
    void update(const simulator::Callbacks& plan, const simulator::CallbackUpdate& update,
                proto::Instant now);
    const Purchase* some_task();
    std::string some_url();

    const CallbackWay& way_;
    Oracle& oracle_;
    Dice dice_;
    std::multimap<proto::Instant, Call> calls_;
    std::map<std::string, Call> said_;         ///< by the upstream last, by task
    std::map<std::string, std::string> urls_;  ///< that the upstream was told, by account
};

}  // namespace genspool::simulation
