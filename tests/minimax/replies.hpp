#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/codec.hpp"
#include "proto/money.hpp"
#include "tests/support/replies.hpp"

namespace genspool::tests {

/// HTTP 200 with `code` in base_resp, and nothing else but what such a refusal has.
proto::Reply coded(std::int64_t code, std::string_view message = "upstream words");

/// A session as it is recorded: these frames of the upstream, one after the other.
proto::Reply session(const std::vector<std::string>& frames);
inline constexpr std::string_view session_begins =
    R"({"event":"connected_success","session_id":"s","base_resp":{"status_code":0}})";

proto::JobSpec spec(std::string request);

/// What it costs by the built-in prices.
std::optional<proto::Money> quote(const proto::Checked& checked);

}  // namespace genspool::tests
