#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/codec.hpp"

/// What the lists of an account's purchases have in common. An entry that is overlooked is bought
/// a second time, so a list is read whole or not at all.
namespace genspool::proto::minimax {

/// Of each entry its id, created_at, and what `shown` makes of it. nullopt: one of them has no id.
std::optional<std::vector<Listed>> listed_entries(
    const boost::json::array& items,
    const std::function<std::string(const boost::json::object&)>& shown);

Refusal unreadable_list(const Reply& reply);

}  // namespace genspool::proto::minimax
