#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genspool::proto {

inline constexpr std::string_view default_output = "{id}{-n}{ext}";

/// Why this is no template for the names of artifacts: a relative path of at most 512 bytes,
/// 200 between two slashes, none of its names hidden or empty, with
/// the fields {id} {batch} {custom_id} {kind} {n} {-n} {ext}. nullopt: it is one.
std::optional<std::string> output_fault(std::string_view output);

}  // namespace genspool::proto
