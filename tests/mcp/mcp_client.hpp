#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <string>
#include <vector>

#include "proto/mcp/server.hpp"

namespace genspool::tests {

/// Speaks MCP with the pure server; the daemon's API answers as the test says.
class McpClient {
public:
    using Api = std::function<proto::mcp::ApiReply(const proto::mcp::ApiCall& call)>;

    explicit McpClient(Api api = {}) : api_(std::move(api)) {}

    /// The answer to one message, as JSON.
    boost::json::value say(const std::string& message);
    /// The result of a tool.
    boost::json::value tool(const std::string& name, const std::string& arguments,
                            const std::string& meta = "{}");
    /// Its text.
    std::string words(const std::string& name, const std::string& arguments);

    proto::mcp::Client client;
    std::vector<proto::mcp::ApiCall> calls;
    std::vector<std::string> notifications;

private:
    Api api_;
};

/// A reply of the daemon.
proto::mcp::ApiReply api_reply(int status, const std::string& body);

}  // namespace genspool::tests
