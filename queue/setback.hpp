#pragma once

#include <cstdint>
#include <optional>

#include "queue/turn.hpp"

/// A queue that stands where it stood before: restored from a backup, or on a database that lost
/// what it had written last. Between that moment and now anything may have been bought, so it
/// starts paused and says why.
namespace genspool::queue {

/// A queue that is set back gives event numbers of the next generation: far beyond all that the
/// mark of its last life may have missed.
inline constexpr std::uint64_t events_a_generation = 1'000'000'000'000;
/// Where in the generation it begins follows from the second in which it is set back, at so many
/// numbers a second, which is more than a log grows in the long run. So of two copies of one
/// generation, or of one copy, the one restored later begins beyond all that the other has given.
inline constexpr std::uint64_t events_a_second = 1'000;

/// 1 for a queue that was never put back.
std::uint64_t generation(proto::EventSeq event);
/// Whether this number may come right after that one in the log: no event is missing between them.
bool follows(proto::EventSeq event, proto::EventSeq before);

/// Whether a job in this state may have been bought since the queue was set back, and would be
/// bought again, or asked about, if it went on.
bool is_doubtful(proto::State state);

/// At a start, before anything is loaded or planned: finds out whether the queue was set back.
/// `marked` is the newest event that is known to have been written; none: nothing is known. Moves
/// the counters on to a new generation.
std::optional<Setback> find_setback(Turn& turn, proto::EventSeq marked);

/// The same, after loading: pauses the queue, with the reason in words.
void pause_set_back(Turn& turn, Setback setback);

}  // namespace genspool::queue
