#pragma once

#include "proto/mcp/step.hpp"

/// What there is to read: jobs, and the files that came home.
namespace genspool::proto::mcp {

Step list_resources(const Message& message, const Client& client);
Step read_resource(const Message& message, const Client& client);
boost::json::object list_templates();

}  // namespace genspool::proto::mcp
