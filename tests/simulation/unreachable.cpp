// What cannot be in the coverage table, and why.
#include "tests/simulation/coverage.hpp"

namespace genspool::simulation {

using proto::Event;
using proto::State;

namespace {

bool deadly(Fault fault) {
    return fault == Fault::kill || fault == Fault::power_cut || fault == Fault::torn_write ||
           fault == Fault::commit_error;
}

/// Rows whose feature is still to come, or that no world leads to.
std::string_view not_built(const proto::Transition& row) {
    if (row.from == State::preparing && row.on == Event::poisoned)
        return "it takes five preparations with a death in each: shown by "
               "tests/queue/dependency_test";
    if (row.on == Event::poisoned && row.when == proto::When::cancelled)
        return "it takes five deaths over one send, and a cancel before the last: shown by "
               "tests/queue/poison_test";
    if (row.from == State::succeeded && row.on == Event::adopted)
        return "resolve is refused once a job has succeeded";
    return {};
}

/// Found so at a start, nothing can come of it but that it is prepared again.
bool ends_preparing(Event event) {
    return event == Event::prepared || event == Event::put_back || event == Event::input_refused ||
           event == Event::cancel || event == Event::deadline;
}

bool calls_are_made(State state) {
    return state == State::submitting || state == State::running || state == State::canceling ||
           state == State::fetching;
}

/// The one paid call decides what can follow it.
std::string_view after_paid_call(const proto::Transition& row, Fault fault) {
    const bool answer = row.on == Event::taken || row.on == Event::delivered ||
                        row.on == Event::answered || row.on == Event::taken_failed ||
                        row.on == Event::rejected;
    if (fault == Fault::network && answer) return "a lost reply says nothing";
    const bool unspooled = row.on == Event::taken || row.on == Event::answered ||
                           row.on == Event::rejected || row.on == Event::not_created;
    if (deadly(fault) && unspooled) return "after a death only a spooled reply is believed";
    const bool goods =
        row.on == Event::delivered || row.on == Event::answered || row.on == Event::taken_failed;
    if (fault == Fault::upstream && goods) return "no fault of a paid call lets its reply arrive";
    return {};
}

/// A callback is about a task that the job has, or has had.
std::string_view without_task(const proto::Transition& row) {
    if (row.from == State::absent) return "who is not there yet has no task";
    if (row.from == State::blocked || row.on == Event::retry_blocked)
        return "who has had a task waits for no other job any more";
    const bool at_once =
        row.on == Event::delivered || row.on == Event::answered || row.on == Event::taken_failed;
    if (row.from == State::submitting && at_once) return "who is answered at once has no task";
    return {};
}

}  // namespace

std::string_view unreachable(const proto::Transition& row, std::optional<Fault> fault) {
    const std::string_view to_come = not_built(row);
    if (!to_come.empty()) return to_come;
    const bool poisoned = row.on == Event::poisoned;
    if (!fault) return poisoned ? "it takes deaths" : std::string_view();
    const bool own = *fault == Fault::network || *fault == Fault::upstream;
    if (own && !calls_are_made(row.from)) return "no call of the job's is made in this state";
    if (*fault == Fault::callback || *fault == Fault::forgery) {
        const std::string_view why = without_task(row);
        if (!why.empty()) return why;
    }
    if (row.from == State::preparing && deadly(*fault) && *fault != Fault::commit_error &&
        ends_preparing(row.on))
        return "a start has it prepared again";
    if (row.from == State::submitting) return after_paid_call(row, *fault);
    return {};
}

}  // namespace genspool::simulation
