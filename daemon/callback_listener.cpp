#include "daemon/callback_listener.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "daemon/log.hpp"
#include "daemon/tcp_listener.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

tcp::acceptor listening(const asio::any_io_executor& executor, const Config::Callbacks& config) {
    const auto endpoint = parse_listen(config.listen);
    if (!endpoint) throw std::runtime_error("[callbacks] listen: no address: " + config.listen);
    return listen_at(executor, *endpoint);
}

}  // namespace

ServerOptions callback_limits() {
    ServerOptions limits;
    limits.session.header_bytes_max = 8U << 10U;
    limits.session.body_bytes_max = callback_bytes_max;
    limits.session.idle = std::chrono::seconds{15};
    limits.session.header = std::chrono::seconds{5};
    limits.session.piece = std::chrono::seconds{5};
    limits.session.unread_bytes_max = callback_bytes_max;
    limits.connections_max = 64;
    limits.stop_patience = std::chrono::seconds{1};
    return limits;
}

CallbackListener::CallbackListener(const asio::any_io_executor& executor, workers::Clock& clock,
                                   workers::QueueLine& queue, const proto::Registry& registry,
                                   const Config::Callbacks& config, ServerOptions limits)
    : callbacks_(queue, registry),
      acceptor_(executor),
      server_(executor, clock, {Door{acceptor_, &callbacks_}}, limits,
              [this](Request& request) { return callbacks_.answer(request); }) {
    tcp::acceptor acceptor = listening(executor, config);
    const tcp::endpoint bound = acceptor.local_endpoint();
    port_ = bound.port();
    acceptor_ = std::move(acceptor);
    log(Level::info, "callbacks_listening", {{"address", described(bound)}, {"url", config.url}});
}

}  // namespace genspool::daemon
