#pragma once

#include <string_view>

#include "proto/codec.hpp"

namespace genspool::proto::useapi {

/// Puts a text into the body of a call, in front of what is there: a member of its JSON object, or
/// a part of its form.
void add_field(Call& call, std::string_view name, std::string_view value);

}  // namespace genspool::proto::useapi
