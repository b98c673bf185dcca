#pragma once

#include <optional>
#include <string_view>

namespace genspool::proto {

/// The text of the value of member `key` in an object, exactly as it was written; of a repeated key
/// the last one, as in parsing. `object` has been parsed before: it is known to be valid JSON.
/// nullopt: there is none, or some key has an escape in it, so that it cannot be told by its bytes.
std::optional<std::string_view> raw_member(std::string_view object, std::string_view key);

}  // namespace genspool::proto
