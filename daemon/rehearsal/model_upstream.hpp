#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/rehearsal/expected_times.hpp"
#include "queue/commands.hpp"
#include "queue/random.hpp"
#include "workers/accounts.hpp"
#include "workers/poll_times.hpp"

namespace genspool::daemon {

/// What comes of a step, and when.
struct StepEnd {
    proto::Instant at{};
    std::vector<queue::Report> reports;  ///< in this order; the last one ends the step
};

/// How long jobs of one op take, as a rehearsal has assumed it.
struct TimesUsed {
    proto::Spread time;  ///< of the first of them
    std::string_view source;
    std::uint64_t jobs = 0;
};

/// The upstream, the network and the disk of a rehearsal, in the place of the engine's steps: each
/// call takes its time, tasks are asked for by the schedule of the engine, and nothing fails.
class ModelUpstream {
public:
    /// The first of `times` that knows a job counts. All of it outlives the model.
    ModelUpstream(const proto::Registry& registry,
                  std::shared_ptr<const workers::Accounts> accounts,
                  std::vector<const ExpectedTimes*> times, std::uint64_t seed);

    /// Throws std::logic_error for a step that only trouble leads to.
    StepEnd step(const queue::Work& work, proto::Instant now);

    /// By op.
    const std::map<std::string, TimesUsed>& used() const { return used_; }

private:
    struct Bought {
        proto::Instant done_at{};
        std::uint32_t artifacts = 0;
    };

    StepEnd prepare(const queue::Work& work, proto::Instant now) const;
    StepEnd submit(const queue::Work& work, proto::Instant now);
    StepEnd poll(const queue::Work& work, proto::Instant now);
    StepEnd fetch(const queue::Work& work, proto::Instant now) const;
    proto::Duration draw(const proto::JobSpec& spec, const proto::Checked& checked);
    workers::PollRules rules(const queue::Work& work) const;

    const proto::Registry& registry_;
    std::shared_ptr<const workers::Accounts> accounts_;
    std::vector<const ExpectedTimes*> times_;
    queue::Random random_;
    std::map<proto::JobSeq, Bought> running_;
    std::map<std::string, TimesUsed> used_;
};

}  // namespace genspool::daemon
