#pragma once

#include "tests/simulator/sale.hpp"

namespace genspool::simulator {

/// What differs between the upstreams in how they sell.
struct House {
    /// What the account, the request or a limit rules out, faults aside.
    std::optional<ModelReply> (*screen)(World& world, const Sale& sale);
    /// Counts a refusal and words it.
    ModelReply (*refuse)(World& world, const Sale& sale, int code);
    bool (*has_code)(int code);  ///< it is one of those it refuses with
    Callbacks (*callbacks)(World& world, const Sale& sale, const Sold& sold);
};

/// A paid request that could be read, to its reply: refusals, faults, the work, the truth log. The
/// record is written before this returns.
ModelReply sell(World& world, const House& house, const Sale& sale);

/// Notes a fault that strikes the sale.
void note(World& world, const Sale& sale, std::string fault, bool ambiguous, std::string task = {});

/// Notes that the client has sent more than it may.
void note_violation(World& world, const Sale& sale, std::string_view what, std::uint64_t used,
                    std::uint64_t limit);

/// Counts the request, and says which of the options' limits it goes beyond ("rpm", "limit"),
/// which is noted; empty: none.
std::string_view beyond_limits(World& world, const Sale& sale);

/// One paid request to the platform from the door to its reply.
ModelReply serve_paid(World& world, const PaidRoute& route, const Call& call);

}  // namespace genspool::simulator
