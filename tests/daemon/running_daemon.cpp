#include "tests/daemon/running_daemon.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

#include "proto/catalog/catalog.hpp"
#include "tests/daemon/state_check.hpp"

namespace genspool::tests {

namespace asio = boost::asio;

RunningDaemon::RunningDaemon(const Adjust& adjust, daemon::AdminGroup admins) : admins_(admins) {
    config_.defaults.provider = "minimax";
    config_.daemon.state_dir = directory_.path("state");
    config_.daemon.socket = directory_.path("api.sock");
    config_.disk.reserve_bytes = 0;
    if (adjust) adjust(config_);
    start();
}

RunningDaemon::~RunningDaemon() {
    stop();
    check_state_directory(config_.daemon.state_dir);
}

ApiClient RunningDaemon::tcp_client(const std::string& token) const {
    return ApiClient(daemon_->http_port().value(), token);
}

void RunningDaemon::restart() {
    stop();
    start();
}

void RunningDaemon::reload(const Adjust& change) {
    daemon::Config fresh = config_;
    change(fresh);
    auto reloaded = asio::co_spawn(*io_, daemon_->reload(fresh), asio::use_future);
    reloaded.get();
}

void RunningDaemon::start() {
    io_ = std::make_unique<asio::io_context>(1);
    daemon_ = std::make_unique<daemon::Daemon>(*io_, config_, proto::catalog(), admins_);
    auto started = asio::co_spawn(*io_, daemon_->start(), asio::use_future);
    thread_ = std::thread([this] { io_->run(); });
    started.get();
}

void RunningDaemon::stop() {
    if (!daemon_) return;
    auto stopped = asio::co_spawn(*io_, daemon_->stop(), asio::use_future);
    stopped.get();
    thread_.join();
    daemon_.reset();
    io_.reset();
}

std::string video_text(const std::string& custom_id) {
    std::string job = R"({"kind":"video","request":{"model":"MiniMax-Hailuo-02",)"
                      R"("prompt":"a lighthouse","duration":6,"resolution":"768P"})";
    if (!custom_id.empty()) job += R"(,"custom_id":")" + custom_id + "\"";
    return job + "}";
}

}  // namespace genspool::tests
