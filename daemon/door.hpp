#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>

namespace genspool::daemon {

class Guard;
class HostCheck;

/// A listening socket, of whatever family.
using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

/// One way in: where connections come from, and what is asked of them. What it points to outlives
/// every connection.
struct Door {
    Acceptor& acceptor;
    Guard* guard = nullptr;                    ///< null: the kernel says who it is
    boost::asio::ssl::context* tls = nullptr;  ///< null: plain
    /// Without a guard: what a page may call the daemon. Null: anything.
    const HostCheck* hosts = nullptr;
};

}  // namespace genspool::daemon
