#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proto/codec.hpp"
#include "proto/money.hpp"

namespace genspool::tests {

proto::Reply reply(int status, std::string body);
proto::Reply ok(std::string body);  ///< HTTP 200
/// HTTP 200 with `code` in base_resp, and nothing else but what such a refusal has.
proto::Reply coded(std::int64_t code, std::string_view message = "upstream words");

/// A session as it is recorded: these frames of the upstream, one after the other.
proto::Reply session(const std::vector<std::string>& frames);
inline constexpr std::string_view session_begins =
    R"({"event":"connected_success","session_id":"s","base_resp":{"status_code":0}})";

boost::json::object object(std::string_view text);
proto::JobSpec spec(std::string request);

/// `base` with the members of `change` put over it; null takes one away.
boost::json::object changed(boost::json::object base, std::string_view change);

/// "" if the request passes, else "code field".
std::string verdict(const proto::Codec& codec, const boost::json::object& request);

/// What it costs by the built-in prices.
std::optional<proto::Money> quote(const proto::Checked& checked);

template <class Wanted, class... Held>
const Wanted& want(const std::variant<Held...>& outcome) {
    return std::get<Wanted>(outcome);  // throws, and so fails the case, if it is another
}

}  // namespace genspool::tests
