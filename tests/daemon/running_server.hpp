#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "daemon/listener.hpp"
#include "daemon/server.hpp"
#include "daemon/tcp_listener.hpp"
#include "tests/daemon/api_client.hpp"
#include "tests/daemon/token_file.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/throwaway_certificates.hpp"
#include "workers/real_clock.hpp"

namespace genspool::tests {

/// A server on a thread of its own, without a daemon behind it. /broken answers with a body that
/// fails in the middle, /endless with one that never ends, all else with {} once it has read the
/// body.
class RunningServer {
public:
    /// `tcp`: on a loopback port as well, with TLS where there are certificates.
    explicit RunningServer(daemon::ServerOptions options, bool tcp = false,
                           const ThrowawayCertificates* certificates = nullptr);
    ~RunningServer();
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    ApiClient client() const { return ApiClient(path_); }
    ApiClient tcp_client() const { return ApiClient(tcp_->port(), ""); }
    std::future<void> stop();
    void cut_short();

    /// Bodies of requests that did not come to their end.
    int bodies_broken() const { return bodies_broken_; }
    /// Pieces of endless bodies that were asked for.
    int pieces_made() const { return pieces_made_; }
    /// Waits until an endless body is given up.
    void await_cut_off() { cut_off_.get_future().get(); }

private:
    class EndlessStream;

    boost::asio::awaitable<daemon::Reply> answer(daemon::Request& request);

    TemporaryDirectory directory_;
    std::string path_;
    TokenFile tokens_;
    std::atomic<int> bodies_broken_ = 0;
    std::atomic<int> pieces_made_ = 0;
    std::promise<void> cut_off_;
    boost::asio::io_context io_{1};
    workers::RealClock clock_;
    daemon::Listener listener_;
    std::unique_ptr<daemon::TcpListener> tcp_;
    std::unique_ptr<daemon::Server> server_;
    std::thread thread_;
};

}  // namespace genspool::tests
