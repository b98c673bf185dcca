#pragma once

#include <string_view>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// Reads what was sent to a `callback_url`: the challenge that begins it, or the answer that a
/// query of the task would have at that moment. Whatever the body holds, it is survived.
Callback read_callback(std::string_view body);

}  // namespace genspool::proto::minimax
