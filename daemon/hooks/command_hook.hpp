#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <string>
#include <utility>
#include <vector>

#include "daemon/hooks/hook.hpp"
#include "workers/clock.hpp"

namespace genspool::daemon::hooks {

/// Runs a command for each message: the job in its environment, the message on its standard input,
/// what it prints goes where the daemon's own log goes. Exit code 0 takes it.
class CommandHook : public Hook {
public:
    /// `command`: a program's absolute path and its arguments; after `timeout` it is ended.
    CommandHook(boost::asio::any_io_executor executor, workers::Clock& clock,
                std::vector<std::string> command, proto::Duration timeout,
                std::string artifact_root);

    bool wants(const queue::JobView&) const override { return true; }
    boost::asio::awaitable<Outcome> tell(Message message) override;

private:
    boost::asio::any_io_executor executor_;
    workers::Clock& clock_;
    std::vector<std::string> command_;
    proto::Duration timeout_;
    std::string artifact_root_;
};

/// What the command finds in its environment, GENSPOOL_JOB_ID and so on: names and values.
std::vector<std::pair<std::string, std::string>> environment_of(const Message& message,
                                                                std::string_view artifact_root);

}  // namespace genspool::daemon::hooks
