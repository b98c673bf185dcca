#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/dice.hpp"
#include "tests/simulation/oracle.hpp"
#include "tests/simulation/orders.hpp"
#include "tests/simulation/process.hpp"
#include "tests/simulation/scenario.hpp"

namespace genspool::simulation {

/// Everybody who wants something of the daemon: they hand in jobs and batches, repeat themselves,
/// change their minds, pause things and configure the accounts anew; and sometimes what they say is
/// not true. What they are answered they tell the oracle.
class Users {
public:
    Users(const Scenario& scenario, Oracle& oracle, std::uint64_t seed);

    /// One of them does something.
    void act(Process& process, proto::Instant now);
    /// The accounts as they are now.
    const daemon::Config& config() const { return config_; }
    /// Tells a new process of the accounts.
    void configure(Process& process);

    // At the end they are of good will.
    /// Everything is resumed, and configured as in peace.
    void make_peace(Process& process);
    /// Files that are being written get their end.
    void finish_files(Process& process);
    /// What is held is looked into and settled, and what could not be fetched is tried again.
    /// False: nothing stood still.
    bool settle(Process& process);

private:
    struct KeyUse {
        std::optional<proto::JobId> id;  ///< nullopt: nobody was answered yet
        std::string body;
        std::string ref;
    };

    void hand_in(Process& process, proto::Instant now);
    void hand_in_file(Process& process);
    void hand_in_bytes(Process& process, const std::string& bytes, const std::string& said,
                       std::vector<std::string>& names, int more_tries);
    void look_for_earlier();
    void repeat(Process& process, proto::Instant now);
    void submit(Process& process, const std::string& text, const std::string& ref,
                const std::string& key, proto::Instant now);
    void answered(const std::string& text, const std::string& ref, const std::string& key,
                  const queue::Answer& answer);
    void hand_in_batch(Process& process, proto::Instant now);
    void next_chunk(Process& process, proto::BatchSeq batch, std::uint64_t chunks,
                    proto::Instant now);
    void seal(Process& process, proto::BatchSeq batch);
    void drop_file(Process& process);
    void write_on(Process& process);
    void change_mind(Process& process);
    void change_batch(Process& process);
    void act_on(Process& process, proto::JobSeq job, queue::Verb verb, bool again);
    void resolve(Process& process, proto::JobSeq job);
    void patch(Process& process, proto::JobSeq job);
    void pause_or_resume(Process& process);
    void pause(Process& process, const std::string& account, bool paused);
    void reconfigure(Process& process);
    void set_batch_budget(Process& process);
    void set_batch_budget(Process& process, proto::BatchSeq batch,
                          std::optional<proto::Micros> budget);
    proto::Micros some_budget();
    std::optional<proto::JobSeq> some_job();
    std::string next_ref() { return "job-" + std::to_string(++refs_); }

    /// A file that somebody is still writing.
    struct Writing {
        std::string name;
        std::vector<std::string> refs;
    };

    const Scenario& scenario_;
    Oracle& oracle_;
    Dice dice_;
    daemon::Config config_;
    OrderBook book_;
    std::uint64_t refs_ = 0;
    std::uint64_t keys_made_ = 0;
    std::uint64_t lines_ = 0;
    std::uint64_t files_ = 0;
    std::optional<Writing> writing_;
    std::set<proto::BatchSeq> budgeted_;  ///< batches that were given a budget
    std::map<std::string, KeyUse> keys_;  ///< idempotency keys that were used
};

}  // namespace genspool::simulation
