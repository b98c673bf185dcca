#pragma once

#include <boost/json/object.hpp>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// Checks a request to /v1/image_generation.
Result<Checked> check_image_request(const boost::json::object& request);

/// How many pictures the request asks for.
std::uint32_t image_count(const boost::json::object& request);

}  // namespace genspool::proto::minimax
