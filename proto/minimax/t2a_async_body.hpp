#pragma once

#include <boost/json/object.hpp>

namespace genspool::proto::minimax {

/// Puts the body of a POST /v1/t2a_async_v2 into the words of /v1/t2a_v2, in which every request of
/// kind `tts` is written: some fields have other names there, and it speaks on one channel unless
/// told otherwise, where this one speaks on two.
void speak_as_at_once(boost::json::object& body);

/// The other way: a request of kind `tts` as the body of a POST /v1/t2a_async_v2. What it says of
/// how the reply comes is left out; there it is always a file.
boost::json::object speak_at_leisure(boost::json::object request);

}  // namespace genspool::proto::minimax
