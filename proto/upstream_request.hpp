#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "proto/codec.hpp"

/// How requests to upstreams are put together.
namespace genspool::proto {

/// The request as an object. It is what check() let through; anything else throws.
boost::json::object parse_request(const std::string& request);

/// The producer's bytes with one text member put in front of the others. Name and value are plain
/// words.
std::string with_member(const std::string& request, std::string_view name, std::string_view value);

/// The same with the member `true`.
std::string with_true(const std::string& request, std::string_view name);

/// A free question.
Call query(std::string target);

/// The one call of an op that costs money.
Call paid_call(std::string target, std::string body, Duration first_byte,
               std::uint64_t reply_bytes_max);

}  // namespace genspool::proto
