#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/codec.hpp"
#include "proto/time.hpp"
#include "queue/demand.hpp"

namespace genspool::queue {

/// One reason why an account, or a part of it, is out of dispatch.
struct Quarantine {
    proto::Scope scope = proto::Scope::account;
    std::string what;  ///< the model or op; empty for account and key
    std::string reason;
    proto::Instant since{};
    proto::Instant until = proto::never;  ///< never: a person resumes it
    std::uint32_t times = 1;              ///< in a row; a delay doubles with it
    /// Past `until` one job goes, and the next after a pause, until the upstream takes one.
    bool one_by_one = false;
    proto::Instant tried_at{};  ///< when the last of these went; not stored

    bool operator==(const Quarantine&) const = default;
};

/// Whether that of one account concerns the other; both by AccountSetup::key_group.
bool reaches(const Quarantine& quarantine, std::string_view of, std::string_view other);

/// Whether it keeps such a job away while it lasts.
bool concerns(const Quarantine& quarantine, const Demand& demand);

/// How far a refusal of this scope reaches: where a request names no model, its op is meant.
proto::Scope reach_of(proto::Scope scope, const Demand& demand);

/// Whether it closes all of an account, and not an op or a model of it.
bool closes_all(proto::Scope scope);

/// The model or op that a quarantine of this scope is about.
std::string target_of(proto::Scope scope, const Demand& demand);

/// When one that begins now, for the `times`-th time in a row, is over.
proto::Instant end_of(const proto::QuarantineWish& wish, std::uint32_t times, proto::Instant now);

/// When the next job may go. One that goes one by one is closed again once a job went.
proto::Instant closed_until(const Quarantine& quarantine);

}  // namespace genspool::queue
