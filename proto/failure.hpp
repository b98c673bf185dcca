#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/time.hpp"

namespace genspool::proto {

/// What kind of trouble an answer is, and so what is done about it. Numbers are stored; append
/// only.
enum class FailureClass : std::uint8_t {
    none = 0,
    transient = 1,     ///< try the call again with exponential backoff and full jitter
    rate_limited = 2,  ///< the account, or the model at it, slows down
    no_capacity = 3,   ///< the account takes no more at once for a while; the job may go elsewhere
    account = 4,   ///< key, balance, plan: quarantine; the jobs wait or go elsewhere, none fails
    rejected = 5,  ///< content or parameters refused: the job fails at once
    expired = 6,   ///< the task or its file is gone upstream
    // Classes that arise here, not upstream:
    dependency = 7,  ///< a job this one waited for did not succeed
    deadline = 8,    ///< the time for buying was over
    artifact = 9,    ///< bought, but none of it could be brought home
    poison = 10,     ///< the process died too often while working on it
    unknown = 11,    ///< nobody can say whether it was bought
};

std::string_view to_string(FailureClass failure);

/// What an answer to a paid request says about the purchase.
enum class OnCreate : std::uint8_t {
    not_created,   ///< refused, nothing was bought
    taken_failed,  ///< the work was done or begun, and then refused
    ambiguous,     ///< it may or may not have been taken
};

/// What an answer to a query says about the task.
enum class OnQuery : std::uint8_t {
    again,  ///< the query failed, not the task
    final,  ///< the task has failed for good
    gone,   ///< the upstream no longer knows the task
};

/// How far a quarantine reaches. Numbers are stored; append only.
enum class Scope : std::uint8_t { none = 0, model = 1, op = 2, account = 3, key = 4 };

std::string_view to_string(Scope scope);

/// When a quarantine ends. Numbers are stored; append only.
enum class Clearing : std::uint8_t {
    after_delay = 0,  ///< a pause that doubles while it recurs
    at_time = 1,      ///< the moment that the answer names
    next_window = 2,  ///< the next quota window: `window` after its start
    probe = 3,        ///< one job is let through every so often to see
    person = 4,       ///< resume by a person, a changed key, or a slow probe
};

/// One row of a provider's error table.
struct ErrorRow {
    int code = 0;  ///< the upstream's own code
    FailureClass failure = FailureClass::transient;
    OnCreate on_create = OnCreate::ambiguous;
    OnQuery on_query = OnQuery::again;
    Scope scope = Scope::none;                  ///< for account, rate_limited and no_capacity
    Clearing clearing = Clearing::after_delay;  ///< for the same
    std::string_view meaning;                   ///< in a few words, for people
};

/// A failure as it is kept on a job and shown. `upstream` is the answer verbatim (bounded).
struct Failure {
    FailureClass failure = FailureClass::none;
    std::string code;     ///< the upstream's code, or ours ("deadline", "artifact.length", …)
    std::string message;  ///< for people; the upstream's own words where there are any
    bool retryable = false;
    bool billed = false;  ///< the upstream said that it charges for this
    std::string upstream;

    bool operator==(const Failure&) const = default;
};

/// The wish to take an account, or a part of it, out of dispatch.
struct QuarantineWish {
    Scope scope = Scope::none;
    Clearing clearing = Clearing::after_delay;
    std::optional<Instant> until;  ///< for at_time, or from Retry-After
    std::string reason;

    bool operator==(const QuarantineWish&) const = default;
};

/// Our own name for an HTTP-level or envelope-level outcome: the failure, and what it means.
struct Refusal {
    Failure failure;
    OnCreate on_create = OnCreate::ambiguous;
    OnQuery on_query = OnQuery::again;
    QuarantineWish quarantine;  ///< scope none: no quarantine
};

}  // namespace genspool::proto
