#pragma once

#include <string_view>

#include "proto/codec.hpp"

/// The list of an account's batches of chats. An entry tells of its request the file alone, by what
/// the upstream calls it.
namespace genspool::proto::minimax {

/// `page`: the last batch of the page before, or empty.
Call list_of_batches(std::string_view page);
ListOutcome listed_batches(std::string_view page, const Reply& reply);

}  // namespace genspool::proto::minimax
