#include "queue/setback.hpp"

#include <algorithm>
#include <array>

#include "queue/keys.hpp"

namespace genspool::queue {
namespace {

using proto::State;

/// A queue set back then would begin with its generation: 2026-01-01.
constexpr proto::Instant first_second{proto::Duration(1'767'225'600'000)};
/// Until 2054. The rest of the generation is left for events.
constexpr std::int64_t seconds_max = 900'000'000;
static_assert(seconds_max * events_a_second < events_a_generation);

/// What was on the wire is held soon after the start.
constexpr std::array doubtful_states = {State::blocked,    State::queued,  State::preparing,
                                        State::submitting, State::unknown, State::held};

/// The number with which a queue goes on that is set back at this moment; it, or a reader, may have
/// come as far as `known`.
std::uint64_t first_number(std::uint64_t known, proto::Instant at) {
    const auto since = std::chrono::floor<std::chrono::seconds>(at - first_second).count();
    const auto seconds = std::clamp<std::int64_t>(since, 0, seconds_max);
    return (known / events_a_generation + 1) * events_a_generation +
           static_cast<std::uint64_t>(seconds) * events_a_second;
}

std::string in_words(const Setback& setback) {
    const std::string at = proto::format_rfc3339(setback.at);
    const std::string doubt = setback.doubtful == 1 ? "1 job may have been bought since"
                                                    : std::to_string(setback.doubtful) +
                                                          " jobs may have been bought since";
    if (setback.why == Setback::Why::backup) {
        return "restored from the backup of " + at + "; " + doubt;
    }
    if (setback.last_event.value == 0)
        return "the database is empty, and once was not: all that was known of jobs and purchases "
               "is "
               "gone; put db/ back in its place, or restore a backup";
    return "the database has lost what it had written after event " +
           std::to_string(setback.last_event.value) + " (" + at + "); " + doubt;
}

}  // namespace

std::string_view to_string(Setback::Why why) {
    return why == Setback::Why::backup ? "backup" : "lost_tail";
}

std::uint64_t generation(proto::EventSeq event) {
    return event.value / events_a_generation + 1;
}

bool follows(proto::EventSeq event, proto::EventSeq before) {
    if (event.value == before.value + 1) return true;
    return generation(event) > generation(before) && event.value % events_a_second == 0;
}

bool is_doubtful(State state) {
    return std::ranges::find(doubtful_states, state) != doubtful_states.end();
}

std::optional<Setback> find_setback(Turn& turn, proto::EventSeq marked) {
    Counters& counters = turn.memory.counters;
    Setback setback;
    setback.last_event.value = counters.next_event - 1;
    setback.first_new_job.value = counters.next_job;
    const std::string key = keys::meta("backup");
    if (const auto backup = turn.plan.row<BackupRow>(key)) {
        setback.at = backup->at;
        turn.plan.del(key);
    } else if (marked > setback.last_event) {
        setback.why = Setback::Why::lost_tail;
        setback.at = counters.now;
    } else {
        return std::nullopt;
    }
    counters.forgotten_from = setback.at;
    counters.forgotten_until = std::max(turn.now, setback.at);
    const std::uint64_t known = std::max(marked.value, counters.next_event);
    counters.next_event = first_number(known, counters.forgotten_until);
    return setback;
}

void pause_set_back(Turn& turn, Setback setback) {
    for (const State state : doubtful_states)
        setback.doubtful += turn.memory.by_state[static_cast<std::size_t>(state)];
    turn.memory.pause = {true, in_words(setback), setback};
    turn.plan.put(keys::meta("pause"), encode(turn.memory.pause));
}

}  // namespace genspool::queue
