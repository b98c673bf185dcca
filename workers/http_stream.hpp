#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/error_code.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace genspool::workers {

/// What a read or a write came to.
struct Transfer {
    boost::system::error_code error;
    std::size_t bytes = 0;
};

/// One connection, with or without TLS. Event-loop thread only; one operation at a time. Operations
/// end with operation_aborted when the stream is closed meanwhile or the caller is cancelled.
class HttpStream {
public:
    explicit HttpStream(boost::asio::any_io_executor executor);

    /// Connects anew; whatever was open before is closed.
    boost::asio::awaitable<boost::system::error_code> connect(
        boost::asio::ip::tcp::endpoint endpoint);

    /// The handshake of a client that checks the peer's certificate against `host`, a name or a
    /// literal address.
    boost::asio::awaitable<boost::system::error_code> handshake(boost::asio::ssl::context& context,
                                                                std::string host);

    /// What the verification had against the peer's certificate; empty if nothing.
    std::string verification_complaint() const;

    /// Writes both pieces; what they point to must outlive the call.
    boost::asio::awaitable<Transfer> write(std::string_view head, std::string_view body);

    boost::asio::awaitable<Transfer> read_some(boost::asio::mutable_buffer room);

    /// Whether an idle connection looks alive: open, and nothing to read, not even its end. What
    /// TLS has read already does not show.
    bool quiet();

    void close();

    using Tls = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

    /// For another protocol than HTTP over the same connection: TLS, if there is any, or the
    /// socket.
    Tls* tls() { return tls_ ? &*tls_ : nullptr; }
    boost::asio::ip::tcp::socket& socket() { return socket_; }

private:
    boost::asio::ip::tcp::socket socket_;
    std::optional<Tls> tls_;
};

}  // namespace genspool::workers
