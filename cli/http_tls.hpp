#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/system/error_code.hpp>
#include <string>

#include "cli/daemon_address.hpp"

namespace genspool::cli {

/// TLS around a connected stream: version 1.2 or newer, the daemon's certificate verified for its
/// name against the system's trust store, or against the file that the address names alone.
class ClientTls {
public:
    using Plain = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;
    using Stream = boost::asio::ssl::stream<Plain&>;

    /// `plain` must outlive this; `error` says what is wrong with the trust file.
    ClientTls(Plain& plain, const DaemonAddress& address, boost::system::error_code& error);

    Stream& stream() { return stream_; }

    template <class Done>
    void async_greet(Done done) {
        stream_.async_handshake(boost::asio::ssl::stream_base::client, done);
    }

    /// Why the greeting failed, for people.
    std::string complaint(const boost::system::error_code& error);

private:
    boost::asio::ssl::context context_;
    Stream stream_;
};

}  // namespace genspool::cli
