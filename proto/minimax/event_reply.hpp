#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// What an event says against the request; nullopt: nothing. `status`: of the reply it came in.
std::optional<Refusal> refusal_in(const boost::json::object& event, int status);

}  // namespace genspool::proto::minimax
