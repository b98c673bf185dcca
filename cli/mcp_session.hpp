#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.hpp"
#include "cli/mcp_calls.hpp"
#include "proto/mcp/message.hpp"
#include "proto/mcp/step.hpp"

namespace boost::asio {
class thread_pool;
}

namespace genspool::cli {

/// One client that speaks MCP, a message a line. Messages are answered side by side, so that a wait
/// holds up nobody.
class McpSession {
public:
    McpSession(const Console& console, const McpCalls& calls, std::string version);
    ~McpSession();
    McpSession(const McpSession&) = delete;
    McpSession& operator=(const McpSession&) = delete;

    /// Until the input ends and everything is answered.
    void run();

private:
    using Flag = std::shared_ptr<std::atomic<bool>>;

    /// A message, and whether its answer is still wanted.
    struct Asked {
        proto::mcp::Message message;
        proto::mcp::Client client;
        Flag canceled;
    };

    bool read_line(std::string& line) const;
    void take(const std::string& line);
    void note(const proto::mcp::Message& message);
    Asked begin(proto::mcp::Message message);
    std::string answer(const Asked& asked) const;
    void answer_all(const std::vector<Asked>& asked, bool batch);
    void send(const std::string& line) const;

    const Console& console_;
    const McpCalls& calls_;
    std::string version_;
    std::string_view revision_;  ///< that the handshake came to
    mutable std::mutex writing_;
    std::mutex asking_;
    std::map<std::string, Flag> asked_;               ///< by their ids as JSON
    std::unique_ptr<boost::asio::thread_pool> pool_;  ///< the last: its threads use the rest
};

}  // namespace genspool::cli
