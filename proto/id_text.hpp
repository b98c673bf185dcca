#pragma once

#include <string>
#include <string_view>

namespace genspool::proto {

/// The JSON as it is, but for bare whole numbers that are ids (members "id" and "…_id"): those are
/// put into quotes, because most readers of JSON damage what is above 2^53. `json` has been parsed
/// before: it is known to be valid.
std::string ids_as_text(std::string_view json);

}  // namespace genspool::proto
