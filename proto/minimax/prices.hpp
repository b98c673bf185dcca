#pragma once

#include <span>
#include <string_view>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// MiniMax's list prices in US dollars, sorted by key.
std::span<const Price> prices();

/// The month of the price page they were taken from.
std::string_view prices_as_of();

}  // namespace genspool::proto::minimax
