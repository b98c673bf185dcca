#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace genspool::proto {

/// RFC 8785: no white space, keys by their UTF-16 units, numbers as ECMAScript writes them, so that
/// equal values have equal bytes. Integers beyond 2^53 keep all their digits. Every number is
/// finite.
std::string canonical_json(const boost::json::value& value);
std::string canonical_json(const boost::json::object& object);

/// The same, but the keys stay in the order they came in.
std::string compact_json(const boost::json::value& value);
std::string compact_json(const boost::json::object& object);

}  // namespace genspool::proto
