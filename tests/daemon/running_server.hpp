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
#include "tests/daemon/watched_queue.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/throwaway_certificates.hpp"
#include "workers/real_clock.hpp"

namespace genspool::tests {

/// A server on a thread of its own, without a daemon behind it. /broken answers with a body that
/// fails in the middle, /endless with one that never ends, /events with the events 1 to
/// `events_there_are`; /keep holds the body in memory; all else answers {} once it has read the
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

    static constexpr std::uint64_t events_there_are = 3'000;

    /// Bodies of requests that did not come to their end.
    int bodies_broken() const { return bodies_broken_; }
    /// Pieces of endless bodies that were asked for.
    int pieces_made() const { return pieces_made_; }
    /// Waits until so many endless bodies, and streams of events, are given up.
    void await_cut_off(int streams = 1);
    /// Waits until so many bytes of bodies are held for /keep.
    void await_kept(std::uint64_t bytes);

private:
    class EndlessStream;
    class WatchedStream;

    boost::asio::awaitable<daemon::Reply> answer(daemon::Request& request);
    boost::asio::awaitable<daemon::Reply> keep(daemon::Request& request);
    daemon::Reply show_events(const daemon::Request& request);

    TemporaryDirectory directory_;
    std::string path_;
    TokenFile tokens_;
    std::atomic<int> bodies_broken_ = 0;
    std::atomic<int> pieces_made_ = 0;
    std::atomic<int> cut_off_ = 0;
    std::atomic<std::uint64_t> kept_ = 0;
    boost::asio::io_context io_{1};
    daemon::CommitFeed feed_;
    std::unique_ptr<WatchedQueue> queue_;  ///< of the server's thread
    workers::RealClock clock_;
    daemon::Listener listener_;
    std::unique_ptr<daemon::TcpListener> tcp_;
    std::unique_ptr<daemon::Server> server_;
    std::thread thread_;
};

}  // namespace genspool::tests
