#pragma once

#include <algorithm>
#include <chrono>
#include <string>

#include "proto/failure.hpp"
#include "proto/time.hpp"

namespace genspool::queue {

/// When an artifact is given up that has been wanted since `wanted` and could be fetched, as far as
/// the daemon and its disk go, since `possible`: who was away, or had a full disk, has an hour to
/// try in any case.
inline proto::Instant fetch_patience_end(proto::Instant wanted, proto::Instant possible,
                                         proto::Duration patience) {
    constexpr proto::Duration tries = std::chrono::hours{1};
    return std::max(wanted + patience, possible + std::min(patience, tries));
}

/// What is said of it then. A person's retry fetches it, and buys nothing.
inline proto::Failure given_up(const std::string& last_trouble) {
    const std::string why = "it could not be fetched within [fetch] patience: " + last_trouble;
    return {proto::FailureClass::artifact, "artifact.patience", why, true, false, {}};
}

}  // namespace genspool::queue
