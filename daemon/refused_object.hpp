#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genspool::daemon {

/// What a refused line tells of itself all the same.
struct RefusedObject {
    std::string custom_id;  ///< empty: none
};

/// nullopt: it is no JSON object.
std::optional<RefusedObject> refused_object(std::string_view line);

}  // namespace genspool::daemon
