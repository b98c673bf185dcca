#pragma once

#include <boost/json/fwd.hpp>
#include <optional>

#include "proto/result.hpp"

namespace genspool::proto {

/// What no request may hold, whatever its op: members that genspool sets itself, and numbers that
/// JSON cannot hold.
std::optional<Refused> request_fault(const boost::json::object& request);

}  // namespace genspool::proto
