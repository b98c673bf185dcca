#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "daemon/config.hpp"
#include "daemon/peer.hpp"
#include "proto/codec.hpp"

namespace genspool::daemon {

/// The running daemon: its parts, put together in the order in which they need each other.
/// Event-loop thread only.
class Daemon {
public:
    /// Opens everything: state directory, database, socket. `registry` must outlive it. Throws
    /// std::runtime_error with the reason in words, queue::FormatTooNew, queue::StoreFailed. A
    /// database that fails later ends the process at once (exit 75).
    Daemon(boost::asio::io_context& io, const Config& config, const proto::Registry& registry,
           AdminGroup admins);
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    /// Sets the accounts, begins to work and to listen. Once.
    boost::asio::awaitable<void> start();

    /// Where [http] listens; nullopt: nowhere.
    std::optional<std::uint16_t> http_port() const;

    /// From here on the configuration is this one, as far as it counts without a restart
    /// (plan_reload). Returns once what the queue knows of the accounts is on disk. One at a time.
    /// What cannot be had is missed before any of it counts: if it throws, the one before stays.
    boost::asio::awaitable<void> reload(const Config& fresh);

    /// A reload came to nothing for that reason, which the service manager's status shows until the
    /// next one.
    boost::asio::awaitable<void> reload_refused(std::string why);

    /// Takes no new work, waits for paid requests on the wire as long as [daemon] drain says, then
    /// for clients a few seconds, and ends everything. Reads are answered, and streams fed, while
    /// it waits for the wire. Nothing of it runs any more when this returns.
    boost::asio::awaitable<void> stop();

    /// Ends the waits of a stop that has begun: clients are cut off, and what becomes of the paid
    /// requests is found out at the next start.
    void cut_short();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace genspool::daemon
