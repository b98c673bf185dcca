#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/time.hpp"

/// What an account has at its upstream and requests name by an id, which no other account knows.
namespace genspool::proto {

struct Thing {
    /// Numbers are stored; append only.
    enum class Kind : std::uint8_t {
        task = 1,     ///< that was bought there
        file = 2,     ///< that was uploaded there
        feature = 3,  ///< what was heard in a song, for covers of it
        voice = 4,    ///< may as well be one of the upstream's own, which all accounts have
    };

    Kind kind = Kind::task;
    std::string id;  ///< as the upstream wrote it; a number in decimal

    bool operator==(const Thing&) const = default;
};

std::string_view to_string(Thing::Kind kind);

/// A request names the thing in this field ("request.source_task_id").
struct NamedThing {
    Thing thing;
    std::string field;

    bool operator==(const NamedThing&) const = default;
};

/// Whether one of them is of one account only, so that a request can go to no other.
bool binds(const std::vector<NamedThing>& names);

/// The account has the thing from now on, and for about so long.
struct MadeThing {
    Thing thing;
    Duration kept{0};

    bool operator==(const MadeThing&) const = default;
};

}  // namespace genspool::proto
