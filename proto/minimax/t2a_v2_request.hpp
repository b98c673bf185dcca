#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string_view>

#include "proto/codec.hpp"

namespace genspool::proto::minimax {

/// Checks a request to /v1/t2a_v2.
Result<Checked> check_t2a_v2(const boost::json::object& request);

/// The audio's format, "mp3" unless the request says otherwise.
std::string_view t2a_format(const boost::json::object& request);

/// How many bytes the reply can have. Slow speech is assumed, and every pause the text asks for is
/// counted: a reply that outgrows its room is a purchase lost.
std::uint64_t t2a_reply_room(const boost::json::object& request);

}  // namespace genspool::proto::minimax
