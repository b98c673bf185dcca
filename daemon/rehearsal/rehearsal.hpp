#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "daemon/rehearsal/batch_file.hpp"
#include "daemon/rehearsal/course.hpp"
#include "daemon/rehearsal/model_upstream.hpp"
#include "queue/core.hpp"
#include "workers/engine_options.hpp"

namespace genspool::daemon {

struct RehearsalOptions {
    std::vector<const ExpectedTimes*> times;  ///< the first that knows a job counts
    proto::Instant start{};                   ///< of the virtual clock
    std::uint64_t seed = 1;
    std::optional<proto::Micros> budget;  ///< of the batch
};

/// Jobs that fail, or wait for ever, for one reason.
struct Stopped {
    bool failed = false;  ///< false: never bought, and not at its end either
    std::string reason;   ///< a failure's code, or a gate's name
    std::string detail;   ///< of the first of them, in words
    std::uint64_t jobs = 0;
    std::vector<InFile> first;  ///< some of them
};

/// What came of a rehearsal.
struct RehearsalReport {
    proto::Instant starts_at{};
    std::optional<proto::Instant> ends_at;  ///< of the last job that ended
    std::uint64_t jobs = 0;
    std::uint64_t succeeded = 0;
    std::vector<queue::RefusedLine> refused;
    std::map<proto::Unit, proto::Micros> spent;
    std::uint64_t unpriced = 0;  ///< purchases that are not in it
    std::vector<SlotUse> uses;
    Bottleneck bottleneck;
    std::vector<Stopped> stopped;
    std::map<std::string, TimesUsed> times;  ///< by op
};

/// A batch run through the real queue, which begins empty and lies in memory, on a virtual clock,
/// with a model in the place of the engine's steps. The same lines and options give the same
/// report. One thread.
class Rehearsal {
public:
    /// The configuration and the registry must outlive it.
    Rehearsal(const Config& config, const proto::Registry& registry, RehearsalOptions options);

    /// Throws NoBatch where the queue would not take them.
    void add(JudgedLines lines);
    /// After the last lines: works until nothing moves any more. Throws likewise.
    void run();
    RehearsalReport report() const;

private:
    struct Step {
        proto::Instant at{};
        std::uint64_t number = 0;  ///< those of one moment end in the order of their beginnings
        std::shared_ptr<queue::Work> work;
        std::vector<queue::Report> reports;

        bool operator>(const Step& other) const {
            return std::pair(at, number) > std::pair(other.at, other.number);
        }
    };
    static constexpr std::size_t kinds = 5;

    std::vector<queue::Answer> turn(const std::vector<queue::Command>& commands);
    void begin(std::shared_ptr<queue::Work> work);
    void end_steps();
    void claim();
    bool is_over(proto::Instant next) const;
    std::uint32_t hands(queue::WorkKind kind, std::uint32_t most) const;
    std::vector<Stopped> stopped(const queue::Reader& reader) const;

    const workers::EngineOptions engine_;
    RehearsalOptions options_;
    queue::Store store_;
    queue::Random random_;
    queue::Core core_;
    ModelUpstream upstream_;
    Course course_;
    proto::Instant now_;
    proto::Instant moved_at_;  ///< when something happened last
    proto::BatchSeq batch_;
    std::uint64_t jobs_ = 0;
    queue::Core::Outcome last_turn_;
    std::priority_queue<Step, std::vector<Step>, std::greater<>> steps_;
    std::uint64_t steps_begun_ = 0;
    std::array<std::uint32_t, kinds> busy_{};
};

}  // namespace genspool::daemon
