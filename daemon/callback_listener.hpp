#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <utility>

#include "daemon/callbacks.hpp"
#include "daemon/config.hpp"
#include "daemon/door.hpp"
#include "daemon/server.hpp"
#include "proto/codec.hpp"
#include "workers/accounts.hpp"
#include "workers/clock.hpp"
#include "workers/queue_line.hpp"

namespace genspool::daemon {

/// What a callback listener grants to those who call.
ServerOptions callback_limits();

/// Where upstreams say of their own accord that a task has moved: a port apart from the API's, with
/// nothing behind it but Callbacks. Event-loop thread only.
class CallbackListener {
public:
    /// Binds and listens; a connection waits until start(). What is referred to must outlive it.
    /// Throws std::runtime_error, with the reason in words.
    CallbackListener(const boost::asio::any_io_executor& executor, workers::Clock& clock,
                     workers::QueueLine& queue, const proto::Registry& registry,
                     const Config::Callbacks& config, ServerOptions limits = callback_limits());

    /// Whose upstreams may call from now on.
    void set_accounts(std::shared_ptr<const workers::Accounts> accounts) {
        callbacks_.set_accounts(std::move(accounts));
    }
    void start() { server_.start(); }
    boost::asio::awaitable<void> end() { return server_.stop(); }
    void cut_short() { server_.cut_short(); }
    std::uint16_t port() const { return port_; }

private:
    Callbacks callbacks_;
    Acceptor acceptor_;
    std::uint16_t port_ = 0;
    Server server_;
};

}  // namespace genspool::daemon
