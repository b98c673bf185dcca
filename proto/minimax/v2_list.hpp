#pragma once

#include <string_view>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// A page of all tasks of the v2 API, of every state: those of the last seven days.
Call list_of_tasks(std::string_view page);
ListOutcome listed_tasks(std::string_view page, const Reply& reply);

}  // namespace genspool::proto::minimax
