#pragma once

// The table of lifecycle.hpp, whole, and the proofs that it is one. Included by lifecycle.hpp only.

namespace genspool::proto {

namespace lifecycle_table {
using S = State;
using E = Event;
using W = When;
using P = SlotMove;
using M = MoneyMove;

// clang-format off
//   from           on                    when          to             slot             money
inline constexpr Transition rows[] = {
    {S::absent,     E::admitted,          W::always,    S::queued,     P::none,         M::quote},
    {S::absent,     E::admitted_blocked,  W::always,    S::blocked,    P::none,         M::quote},

    {S::blocked,    E::unblocked,         W::always,    S::queued,     P::none,         M::none},
    {S::blocked,    E::dependency_failed, W::always,    S::failed,     P::none,         M::none},
    {S::blocked,    E::cancel,            W::always,    S::canceled,   P::none,         M::none},
    {S::blocked,    E::deadline,          W::always,    S::failed,     P::none,         M::none},

    {S::queued,     E::claimed_prepare,   W::always,    S::preparing,  P::take,         M::none},
    {S::queued,     E::claimed,           W::always,    S::submitting, P::take,         M::reserve},
    {S::queued,     E::cancel,            W::always,    S::canceled,   P::none,         M::none},
    {S::queued,     E::deadline,          W::always,    S::failed,     P::none,         M::none},
    {S::queued,     E::adopted,           W::always,    S::running,    P::take,         M::spend}, // an earlier send's task turned up

    {S::preparing,  E::prepared,          W::always,    S::submitting, P::keep,         M::reserve},
    {S::preparing,  E::put_back,          W::always,    S::queued,     P::give,         M::none},
    {S::preparing,  E::prepare_failed,    W::always,    S::queued,     P::give,         M::none},
    {S::preparing,  E::input_refused,     W::always,    S::failed,     P::give,         M::none},
    {S::preparing,  E::cancel,            W::always,    S::canceled,   P::give,         M::none},
    {S::preparing,  E::deadline,          W::always,    S::failed,     P::give,         M::none},
    {S::preparing,  E::poisoned,          W::always,    S::held,       P::give,         M::none},

    {S::submitting, E::taken,             W::no_cancel, S::running,    P::keep,         M::none},
    {S::submitting, E::taken,             W::cancelled, S::canceling,  P::keep,         M::none},
    {S::submitting, E::delivered,         W::no_cancel, S::fetching,   P::give,         M::spend},
    {S::submitting, E::delivered,         W::cancelled, S::canceled,   P::give,         M::spend}, // the spool stays: retry fetches it
    {S::submitting, E::answered,          W::no_cancel, S::succeeded,  P::give,         M::spend},
    {S::submitting, E::answered,          W::cancelled, S::canceled,   P::give,         M::spend},
    {S::submitting, E::taken_failed,      W::always,    S::failed,     P::give,         M::as_billed},
    {S::submitting, E::not_created,       W::no_cancel, S::queued,     P::give,         M::release},
    {S::submitting, E::not_created,       W::cancelled, S::canceled,   P::give,         M::release},
    {S::submitting, E::rejected,          W::always,    S::failed,     P::give,         M::release},
    {S::submitting, E::ambiguous,         W::always,    S::unknown,    P::keep,         M::none},
    {S::submitting, E::cancel,            W::always,    S::submitting, P::keep,         M::none}, // too late to stop, will be stopped after
    {S::submitting, E::poisoned,          W::no_cancel, S::held,       P::keep,         M::none},
    {S::submitting, E::poisoned,          W::cancelled, S::canceled,   P::until_expiry, M::uncertain},

    {S::unknown,    E::adopted,           W::no_cancel, S::running,    P::keep,         M::none},
    {S::unknown,    E::adopted,           W::cancelled, S::canceling,  P::keep,         M::none},
    {S::unknown,    E::proven_absent,     W::no_cancel, S::queued,     P::give,         M::release},
    {S::unknown,    E::proven_absent,     W::cancelled, S::canceled,   P::give,         M::release},
    {S::unknown,    E::given_up,          W::no_cancel, S::held,       P::until_expiry, M::uncertain},
    {S::unknown,    E::given_up,          W::cancelled, S::canceled,   P::until_expiry, M::uncertain},
    {S::unknown,    E::resubmit,          W::no_cancel, S::queued,     P::until_expiry, M::uncertain},
    {S::unknown,    E::resubmit,          W::cancelled, S::canceled,   P::until_expiry, M::uncertain},
    {S::unknown,    E::cancel,            W::always,    S::unknown,    P::keep,         M::none},
    {S::unknown,    E::declared_lost,     W::no_cancel, S::failed,     P::give,         M::uncertain},
    {S::unknown,    E::declared_lost,     W::cancelled, S::canceled,   P::give,         M::uncertain},
    {S::unknown,    E::poisoned,          W::no_cancel, S::held,       P::keep,         M::none},
    {S::unknown,    E::poisoned,          W::cancelled, S::canceled,   P::until_expiry, M::uncertain},

    {S::running,    E::task_done,         W::always,    S::fetching,   P::give,         M::spend},
    {S::running,    E::task_failed_again, W::always,    S::queued,     P::give,         M::as_told},
    {S::running,    E::task_failed,       W::always,    S::failed,     P::give,         M::as_told},
    {S::running,    E::task_gone,         W::always,    S::failed,     P::give,         M::spend},
    {S::running,    E::account_changed,   W::always,    S::held,       P::keep,         M::spend},
    {S::running,    E::troubled,          W::always,    S::running,    P::until_expiry, M::none},
    {S::running,    E::cancel,            W::always,    S::canceling,  P::keep,         M::none},
    {S::running,    E::poisoned,          W::always,    S::held,       P::keep,         M::none},

    {S::canceling,  E::task_done,         W::always,    S::canceled,   P::give,         M::as_canceled}, // task and links stay: retry fetches them
    {S::canceling,  E::task_failed,       W::always,    S::canceled,   P::give,         M::as_canceled},
    {S::canceling,  E::task_gone,         W::always,    S::canceled,   P::give,         M::as_canceled},
    {S::canceling,  E::troubled,          W::always,    S::canceling,  P::until_expiry, M::none},
    {S::canceling,  E::poisoned,          W::always,    S::held,       P::keep,         M::none},

    {S::fetching,   E::fetched,           W::always,    S::succeeded,  P::none,         M::none},
    {S::fetching,   E::fetched_some,      W::always,    S::succeeded,  P::none,         M::none},
    {S::fetching,   E::fetched_none,      W::always,    S::failed,     P::none,         M::none},
    {S::fetching,   E::fetch_troubled,    W::always,    S::fetching,   P::none,         M::none},
    {S::fetching,   E::cancel,            W::always,    S::canceled,   P::none,         M::none},
    {S::fetching,   E::poisoned,          W::always,    S::held,       P::keep,         M::none},

    {S::held,       E::adopted,           W::always,    S::running,    P::take,         M::none}, // by a person, or late evidence
    {S::held,       E::proven_absent,     W::always,    S::queued,     P::give,         M::release},
    {S::held,       E::declared_lost,     W::always,    S::failed,     P::give,         M::uncertain},
    {S::held,       E::retry_task,        W::always,    S::running,    P::take,         M::none},
    {S::held,       E::retry_fetch,       W::always,    S::fetching,   P::none,         M::none},
    {S::held,       E::retry,             W::always,    S::queued,     P::until_expiry, M::uncertain},
    {S::held,       E::cancel,            W::always,    S::canceled,   P::until_expiry, M::uncertain},

    {S::failed,     E::retry_fetch,       W::always,    S::fetching,   P::none,         M::none},
    {S::failed,     E::retry_task,        W::always,    S::running,    P::take,         M::none},
    {S::failed,     E::retry,             W::always,    S::queued,     P::none,         M::none},
    {S::failed,     E::retry_blocked,     W::always,    S::blocked,    P::none,         M::none},
    {S::failed,     E::adopted,           W::always,    S::failed,     P::take,         M::spend}, // recorded; the slot is taken until the task is final
    {S::failed,     E::expired,           W::always,    S::absent,     P::none,         M::none},

    {S::canceled,   E::retry_fetch,       W::always,    S::fetching,   P::none,         M::none},
    {S::canceled,   E::retry_task,        W::always,    S::running,    P::take,         M::none},
    {S::canceled,   E::retry,             W::always,    S::queued,     P::none,         M::none},
    {S::canceled,   E::retry_blocked,     W::always,    S::blocked,    P::none,         M::none},
    {S::canceled,   E::adopted,           W::always,    S::canceled,   P::take,         M::spend},
    {S::canceled,   E::expired,           W::always,    S::absent,     P::none,         M::none},

    {S::succeeded,  E::retry_fetch,       W::always,    S::fetching,   P::none,         M::none},
    {S::succeeded,  E::retry,             W::always,    S::queued,     P::none,         M::none},
    {S::succeeded,  E::adopted,           W::always,    S::succeeded,  P::take,         M::spend},
    {S::succeeded,  E::expired,           W::always,    S::absent,     P::none,         M::none},
};
// clang-format on
}  // namespace lifecycle_table

inline constexpr std::span<const Transition> transitions{lifecycle_table::rows};

constexpr std::optional<Transition> next(State from, Event on, bool cancel_waits) {
    const When now = cancel_waits ? When::cancelled : When::no_cancel;
    for (const Transition& row : transitions) {
        if (row.from == from && row.on == on && (row.when == When::always || row.when == now)) {
            return row;
        }
    }
    return std::nullopt;
}

constexpr bool lets_cancel_wait(State state) {
    const std::optional<Transition> row = next(state, Event::cancel, false);
    return row && row->to == state;
}

namespace lifecycle_proofs {

constexpr bool deterministic() {
    for (std::size_t i = 0; i < transitions.size(); ++i) {
        for (std::size_t j = i + 1; j < transitions.size(); ++j) {
            const Transition& a = transitions[i];
            const Transition& b = transitions[j];
            const bool meet = a.when == b.when || a.when == When::always || b.when == When::always;
            if (a.from == b.from && a.on == b.on && meet) return false;
        }
    }
    return true;
}

/// Where a row asks for a waiting cancel, there is one for jobs without, and the other way round.
constexpr bool complete() {
    for (const Transition& row : transitions) {
        if (row.when == When::always) continue;
        if (!next(row.from, row.on, true) || !next(row.from, row.on, false)) return false;
    }
    return true;
}

/// Every state can be reached from `absent`, and from every state a terminal one.
constexpr bool connected() {
    std::array<bool, state_count> reached{};
    std::array<bool, state_count> ends{};
    reached[0] = true;
    for (std::size_t state = 0; state < state_count; ++state) {
        ends[state] = is_terminal(static_cast<State>(state));
    }
    for (std::size_t round = 0; round < state_count; ++round) {
        for (const Transition& row : transitions) {
            const auto from = static_cast<std::size_t>(row.from);
            const auto to = static_cast<std::size_t>(row.to);
            reached[to] = reached[to] || reached[from];
            ends[from] = ends[from] || ends[to];
        }
    }
    for (std::size_t state = 0; state < state_count; ++state) {
        if (!reached[state] || !ends[state]) return false;
    }
    return true;
}

/// A job is bought only by way of a reserve, and a reserve leads to `submitting` only.
constexpr bool reserved_before_submitting() {
    for (const Transition& row : transitions) {
        const bool enters = row.to == State::submitting && row.from != State::submitting;
        if (enters != (row.money == MoneyMove::reserve)) return false;
    }
    return true;
}

/// Out of `unknown` nothing leads back to a purchase but proof, or the job's own permission.
constexpr bool unknown_is_never_resent() {
    for (const Transition& row : transitions) {
        if (row.from != State::unknown || row.to != State::queued) continue;
        if (row.on != Event::proven_absent && row.on != Event::resubmit) return false;
    }
    return true;
}

/// A slot is taken by a claim, an adoption, or a task taken up again; nothing else.
constexpr bool slots_are_taken_by_claims() {
    for (const Transition& row : transitions) {
        if (row.slot != SlotMove::take) continue;
        const bool known = row.on == Event::claimed || row.on == Event::claimed_prepare ||
                           row.on == Event::adopted || row.on == Event::retry_task;
        if (!known) return false;
    }
    return true;
}

/// A waiting cancel never leads to another purchase, nor to where nothing heeds it: whatever
/// happens, the job ends, or is stopped upstream, or it waits on.
constexpr bool waiting_cancels_are_heeded() {
    for (const Transition& row : transitions) {
        if (row.when == When::no_cancel || !lets_cancel_wait(row.from)) continue;
        const bool stops = is_terminal(row.to) || row.to == State::canceling;
        if (!stops && !lets_cancel_wait(row.to)) return false;
    }
    return true;
}

static_assert(deterministic());
static_assert(complete());
static_assert(connected());
static_assert(reserved_before_submitting());
static_assert(unknown_is_never_resent());
static_assert(slots_are_taken_by_claims());
static_assert(waiting_cancels_are_heeded());

}  // namespace lifecycle_proofs
}  // namespace genspool::proto
