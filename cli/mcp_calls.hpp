#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "cli/daemon.hpp"
#include "cli/local_folder.hpp"
#include "proto/mcp/step.hpp"

namespace genspool::cli {

/// The daemon's API for who speaks MCP here: files of the user's are handed in before an order, and
/// saved. A daemon that restarts is waited for a little; never is anything sent twice that could
/// buy twice. Any thread.
class McpCalls {
public:
    /// `find` says where the daemon is, anew for each call; `note` tells people of waiting.
    McpCalls(std::function<DaemonAddress()> find, LocalFolder folder, std::chrono::seconds away_max,
             std::function<void(const std::string&)> note);

    proto::mcp::ApiReply make(const proto::mcp::ApiCall& call) const;

private:
    proto::mcp::ApiReply exchange(Daemon& daemon, const proto::mcp::ApiCall& call) const;
    proto::mcp::ApiReply save(Daemon& daemon, const proto::mcp::ApiCall& call) const;
    std::string with_files(Daemon& daemon, const std::string& job) const;

    std::function<DaemonAddress()> find_;
    LocalFolder folder_;
    std::chrono::seconds away_max_;
    std::function<void(const std::string&)> note_;
};

}  // namespace genspool::cli
