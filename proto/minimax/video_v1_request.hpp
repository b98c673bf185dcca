#pragma once

#include <boost/json/object.hpp>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// Checks a request to /v1/video_generation. For models that are not known the rules that hold for
/// all of them are applied.
Result<Checked> check_video_v1(const boost::json::object& request);

}  // namespace genspool::proto::minimax
