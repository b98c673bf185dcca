#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// The lifecycle of a job: its states, what can happen to it, and the one table of what follows.
/// Nothing else in the program changes a state. Slot and money move in the same commit as the
/// state.
namespace genspool::proto {

/// Where a job stands. The numbers are the stored format: append only.
enum class State : std::uint8_t {
    absent = 0,      ///< not there yet, or no longer
    blocked = 1,     ///< waits for other jobs
    queued = 2,      ///< waits for its turn, an open gate, or the end of its backoff
    preparing = 3,   ///< what the purchase needs is got ready; nothing is owed
    submitting = 4,  ///< recorded as on the wire: the paid request may be anywhere
    unknown = 5,     ///< the paid request may or may not have been taken
    running = 6,     ///< the upstream works on it; its task is known
    canceling = 7,   ///< a cancel waits for the upstream to be done with it
    fetching = 8,    ///< bought and finished upstream; being brought home
    held = 9,        ///< waits for a person
    succeeded = 10,
    failed = 11,
    canceled = 12,
};
inline constexpr std::size_t state_count = 13;

/// What happened to a job, with everything already decided. Numbers are stored in events: append
/// only.
enum class Event : std::uint8_t {
    admitted = 0,           ///< written down, free to go
    admitted_blocked = 1,   ///< written down, `after` is still open
    unblocked = 2,          ///< all it waited for have succeeded
    dependency_failed = 3,  ///< one it waited for ended otherwise
    claimed_prepare = 4,    ///< taken by a worker, free calls come first
    claimed = 5,            ///< taken by a worker, the paid request comes next
    prepared = 6,           ///< the inputs are ready and the gates still open
    put_back = 7,           ///< a gate closed meanwhile, or a stop: no backoff
    prepare_failed = 8,     ///< the free calls failed for now
    input_refused = 9,      ///< the free calls were refused for good
    taken = 10,             ///< the upstream took it; its task is known
    delivered = 11,         ///< taken and final at once, something is to be fetched
    answered = 12,          ///< taken and final at once, nothing is to be fetched
    taken_failed = 13,      ///< refused after the work was done or begun
    not_created = 14,       ///< refused, nothing bought, worth another try
    rejected = 15,          ///< refused, nothing bought, not worth one
    ambiguous = 16,         ///< nobody can say whether it was taken
    adopted = 17,           ///< a task was found that is this send's, by exact evidence or a person
    proven_absent = 18,     ///< the send is known not to have been taken
    given_up = 19,          ///< the window for finding out is over; a person must say
    resubmit = 20,          ///< the same, and the job allows another purchase
    task_done = 21,         ///< no task is open any more, some are done
    task_failed_again = 22,  ///< failed upstream; another try is worth it and allowed
    task_failed = 23,        ///< failed upstream for good
    task_gone = 24,          ///< the upstream no longer knows it, or its lifetime is over
    account_changed = 25,    ///< the same, but the account's key changed since
    troubled = 26,           ///< query error, unknown word, deadline, patience: late or overdue
    fetched = 27,            ///< every artifact is home and verified
    fetched_some = 28,       ///< some are, the others never will be
    fetched_none = 29,       ///< none is, none will be
    fetch_troubled = 30,     ///< network, disk, an expired link: goes on later
    cancel = 31,             ///< a person or program wants it gone
    deadline = 32,           ///< the time for buying is over
    poisoned = 33,           ///< the process died too often with it on the CPU
    declared_lost = 34,      ///< a person says: it may have been bought, let it go
    retry_fetch = 35,        ///< a person wants it again: something is left to fetch
    retry_task = 36,         ///< the same: its task is not dead
    retry = 37,              ///< the same: it is to be bought
    expired = 38,            ///< retention is over
    retry_blocked = 39,      ///< a person wants it again, but what it waits for is still open
};
inline constexpr std::size_t event_count = 40;

/// What a transition does with the slot of this send.
enum class SlotMove : std::uint8_t {
    none,
    take,
    keep,
    give,
    until_expiry,  ///< kept by the send, given back when the upstream must be done with it
};

/// What a transition does with the ledger row of this send.
enum class MoneyMove : std::uint8_t {
    none,
    quote,    ///< the estimate is written on the job; no row yet
    reserve,  ///< a row is made, dated now
    spend,
    release,
    uncertain,    ///< counts as spent; only an open row moves
    as_told,      ///< released if the upstream proves it unbilled, else spent
    as_billed,    ///< spent where the answer says billed, else uncertain
    as_canceled,  ///< released, spent or uncertain, as the end upstream says
};

/// Which jobs a row speaks of.
enum class When : std::uint8_t {
    always,
    no_cancel,  ///< no cancel waits
    cancelled,  ///< a cancel waits
};

struct Transition {
    State from;
    Event on;
    When when;
    State to;
    SlotMove slot;
    MoneyMove money;

    bool operator==(const Transition&) const = default;
};

/// The row for this state and event, or nullopt: the event is refused here.
constexpr std::optional<Transition> next(State from, Event on, bool cancel_waits);

/// Whether a cancel in this state waits for what the upstream has made of the send. Nowhere else
/// can one be waiting.
constexpr bool lets_cancel_wait(State state);

constexpr bool is_terminal(State state) {
    return state == State::succeeded || state == State::failed || state == State::canceled;
}

/// A worker, or the upstream, is on it.
constexpr bool is_active(State state) {
    return state >= State::preparing && state <= State::fetching;
}

std::string_view to_string(State state);
std::string_view to_string(Event event);
std::optional<State> parse_state(std::string_view text);

}  // namespace genspool::proto

#include "proto/lifecycle_table.hpp"
