#pragma once

#include <string>
#include <string_view>

#include "proto/mcp/step.hpp"

namespace genspool::proto::mcp {

/// The first step for a message that wants an answer. `version` is genspool's own.
Step begin(const Message& message, const Client& client, std::string_view version);

/// The answer as JSON on one line, once no call is left.
std::string answer_text(const Message& message, const Client& client, const Step& last,
                        std::string_view version);

}  // namespace genspool::proto::mcp
