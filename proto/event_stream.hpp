#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <vector>

#include "proto/codec.hpp"

namespace genspool::proto {

/// Whether a reply came as a stream of events, as its type or its first bytes say. An error comes
/// as one JSON object even where a stream was asked for.
bool is_event_stream(const Reply& reply);

/// The objects of a streamed reply, in their order. What is no JSON object (a comment, "[DONE]",
/// half an event) is left out.
std::vector<boost::json::object> events_of(const Reply& reply);

/// The same one by one, for as long as `take` answers true: a long recording is many times larger
/// when all of it is parsed.
void each_event(const Reply& reply, const std::function<bool(boost::json::object event)>& take);

}  // namespace genspool::proto
