#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulator/exchange.hpp"

namespace genspool::simulator {

/// A reply of server-sent events, one an object.
ModelReply answer_events(const std::vector<boost::json::object>& events);

/// `hex` in pieces, then `last`, which repeats all of it in its `data.audio` unless `excluded`.
ModelReply stream_audio(std::string_view hex, boost::json::object last, bool excluded);

}  // namespace genspool::simulator
