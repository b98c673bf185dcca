#pragma once

#include <optional>
#include <string_view>

#include "daemon/request.hpp"
#include "proto/mcp/message.hpp"

/// What MCP's transport over HTTP asks of a request beside its messages.
namespace genspool::daemon {

/// The revision that a message of this request is to be answered in.
std::string_view revision_of(const Request& request, const proto::mcp::Message& message);

/// Where the header tells of another message than the body has, or of a revision that is not
/// spoken.
std::optional<proto::mcp::Fault> header_fault(const Request& request,
                                              const proto::mcp::Message& message);

/// The HTTP status of an answer with that fault.
int status_of(const proto::mcp::Fault& fault, std::string_view revision);

}  // namespace genspool::daemon
