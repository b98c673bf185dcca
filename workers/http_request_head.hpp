#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "workers/http.hpp"
#include "workers/http_target.hpp"

namespace genspool::workers {

/// Request line and headers as they go over the wire. Host, Content-Length, Connection and
/// Transfer-Encoding are ours and not taken from the call; User-Agent is, if it has one. Nullopt if
/// the method or a header holds what would change the message's shape, such as a line break.
std::optional<std::string> write_request_head(const HttpCall& call, const HttpTarget& target,
                                              std::string_view user_agent);

}  // namespace genspool::workers
