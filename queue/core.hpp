#pragma once

#include <span>
#include <vector>

#include "queue/memory.hpp"
#include "queue/random.hpp"
#include "queue/rocksdb_store.hpp"

namespace genspool::queue {

class Plan;

/// The version of the database's form; docs/storage.md tells what changed with each.
inline constexpr std::uint64_t format_version = 1;

/// The queue itself: synchronous, without threads and clocks of its own. Commands come in batches;
/// a batch is planned, written with one sync, and then answered. One caller at a time.
class Core {
public:
    /// What a batch of commands led to. Everything in it is on disk.
    struct Outcome {
        std::vector<Answer> answers;  ///< one for each command, in order
        proto::EventSeq last_event;   ///< the newest in the log
        proto::Instant wake_at =
            proto::never;   ///< call again then, without commands if there are none
        bool work = false;  ///< a claim would find something now
    };

    /// Opens the database, brought to today's format, and rebuilds what is kept in memory. Throws
    /// FormatTooNew, StoreFailed. `wall` is the wall clock; time starts at the later of it and the
    /// last time stored. `marked`: the newest event known to have been written (HighWater); a
    /// database that ends before it, or that is a backup's, starts paused (setback.hpp).
    Core(Store& store, QueueOptions options, proto::Instant wall, Random& random,
         proto::EventSeq marked = {});

    /// Throws StoreFailed: nothing was answered, and the process is to end.
    Outcome execute(std::span<const Command> commands, proto::Instant wall, Random& random);

    const Memory& memory() const { return memory_; }
    const QueueOptions& options() const { return options_; }
    const Store& store() const { return store_; }
    /// The queue's time: never behind what it was.
    proto::Instant now() const { return memory_.counters.now; }

private:
    void advance_time(proto::Instant wall);
    void commit(Plan& plan);
    bool has_work() const;
    proto::Instant wake_at(bool more) const;

    Store& store_;
    QueueOptions options_;
    Memory memory_;
};

}  // namespace genspool::queue
