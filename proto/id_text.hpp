#pragma once

#include <string>
#include <string_view>

/// JSON of an upstream's as it is handed on: byte for byte, but for some values. It has been parsed
/// before: it is known to be valid.
namespace genspool::proto {

/// Bare whole numbers that are ids (members "id", "…_id" and "…ID") are put into quotes, because
/// most readers of JSON damage what is above 2^53.
std::string ids_as_text(std::string_view json);

/// Each text that is a member of this name becomes "***".
std::string masked(std::string_view json, std::string_view name);

}  // namespace genspool::proto
