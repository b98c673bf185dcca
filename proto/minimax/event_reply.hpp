#pragma once

#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// Whether a reply came as a stream of events, as its type or its first bytes say. An error comes
/// as one JSON object even where a stream was asked for.
bool is_event_stream(const Reply& reply);

/// The objects of a streamed reply, in their order. What is no JSON object (a comment, "[DONE]",
/// half an event) is left out.
std::vector<boost::json::object> events_of(const Reply& reply);

}  // namespace genspool::proto::minimax
