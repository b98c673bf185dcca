#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "proto/time.hpp"

namespace genspool::proto::useapi {

/// A time as ISO 8601 or in milliseconds; nullopt: it is no time of our days.
std::optional<Instant> time_member(const boost::json::object& fields, std::string_view name);

/// One in seconds that may have a fraction.
std::optional<Instant> seconds_member(const boost::json::object& fields, std::string_view name);

}  // namespace genspool::proto::useapi
