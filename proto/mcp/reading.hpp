#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

/// Reading what the daemon's API shows: what is missing reads as empty, never as an error.
namespace genspool::proto::mcp {

/// null where it is no JSON.
boost::json::value read_json(const std::string& text);

/// The member, or null.
const boost::json::value& member(const boost::json::value& object, std::string_view key);

/// Text as it is, numbers and flags as they are written; empty for all else.
std::string text_of(const boost::json::value& object, std::string_view key);

std::string text_of(const boost::json::object& object, std::string_view key);

/// Percent-encoded, for one segment of a path or one value of a query.
std::string encoded(std::string_view text);

}  // namespace genspool::proto::mcp
