#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "daemon/config.hpp"
#include "daemon/daemon.hpp"
#include "proto/codec.hpp"
#include "tests/daemon/api_client.hpp"
#include "tests/support/temporary_directory.hpp"

namespace genspool::tests {

/// The whole daemon in this process, in a directory of its own, on a thread of its own. Without an
/// account unless `adjust` adds one, so that jobs stay queued. What it leaves is verified.
class RunningDaemon {
public:
    using Adjust = std::function<void(daemon::Config&)>;

    explicit RunningDaemon(const Adjust& adjust = {}, daemon::AdminGroup admins = {});
    ~RunningDaemon();
    RunningDaemon(const RunningDaemon&) = delete;
    RunningDaemon& operator=(const RunningDaemon&) = delete;

    /// Stops in order, and starts again on the same directory.
    void restart();
    /// Takes a changed configuration, as at SIGHUP. Throws what Daemon::reload throws.
    void reload(const Adjust& change);
    /// Stops in order; the directory can be looked into, and nothing else works any more.
    void halt() { stop(); }

    ApiClient client() const { return ApiClient(config_.daemon.socket); }
    /// Over TCP, which `adjust` must have configured.
    ApiClient tcp_client(const std::string& token) const;
    const daemon::Config& config() const { return config_; }

private:
    void start();
    void stop();

    TemporaryDirectory directory_;
    daemon::Config config_;
    daemon::AdminGroup admins_;
    std::unique_ptr<boost::asio::io_context> io_;
    std::unique_ptr<daemon::Daemon> daemon_;
    std::thread thread_;
};

/// The text of a job that is accepted.
std::string video_text(const std::string& custom_id = "");

}  // namespace genspool::tests
