#pragma once

#include <optional>
#include <string>

#include "proto/job.hpp"
#include "proto/money.hpp"

namespace genspool::queue {

/// What the next purchase would cost, in the account's unit; nullopt: no price is known.
using Cost = std::optional<proto::Micros>;

/// What must be known of a job to find it an account.
struct Demand {
    std::string provider;
    std::string op;
    std::string model;
    std::string account;  ///< bound to it; empty: any of the provider's
    std::string slot_class;
    proto::Kind kind = proto::Kind::video;
    Cost cost = 0;  ///< 0: whatever it costs
};

}  // namespace genspool::queue
