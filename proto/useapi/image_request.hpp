#pragma once

#include <boost/json/object.hpp>

#include "proto/codec.hpp"

namespace genspool::proto::useapi {

/// The request of POST /images/create.
Result<Checked> check_image_request(const boost::json::object& request);

}  // namespace genspool::proto::useapi
