#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <variant>

#include "proto/codec.hpp"

/// What the tests of codecs say for an upstream, and ask of a codec.
namespace genspool::tests {

proto::Reply reply(int status, std::string body);
proto::Reply ok(std::string body);  ///< HTTP 200

boost::json::object object(std::string_view text);

/// `base` with the members of `change` put over it; null takes one away.
boost::json::object changed(boost::json::object base, std::string_view change);

/// "" if the request passes, else "code field".
std::string verdict(const proto::Codec& codec, const boost::json::object& request);

template <class Wanted, class... Held>
const Wanted& want(const std::variant<Held...>& outcome) {
    return std::get<Wanted>(outcome);  // throws, and so fails the case, if it is another
}

}  // namespace genspool::tests
