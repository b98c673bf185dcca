#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>

namespace genspool::daemon {

/// How a connection began.
enum class Greeting : std::uint8_t {
    done,
    plain_http,  ///< the client does not speak TLS, but HTTP
    failed,
};

/// An accepted connection, with or without TLS. One operation at a time; shut_down() may come in
/// between and ends it. Event-loop thread only.
class Connection {
public:
    using Socket = boost::asio::generic::stream_protocol::socket;
    using Transfer = std::tuple<boost::system::error_code, std::size_t>;

    /// `tls` null: plain.
    Connection(Socket socket, boost::asio::ssl::context* tls);

    /// TLS's greeting. Nothing else may come before it; without TLS it is nothing.
    boost::asio::awaitable<Greeting> greet();
    /// After plain_http: writes what can be written without waiting, as it is.
    void write_plain(std::string_view bytes);

    /// As much as is there, at least a byte.
    boost::asio::awaitable<Transfer> read_some(std::span<char> room);

    /// Writes what can be written without waiting, which with TLS is nothing. An error other than
    /// would_block is the connection's end.
    std::size_t write_now(std::string_view bytes, boost::system::error_code& error);
    /// Writes all of it. The bytes must outlive the call.
    boost::asio::awaitable<Transfer> write(std::string_view bytes);

    /// Whether the client has closed its end, or the connection is broken. Does not wait.
    bool gone();

    /// Says that nothing more will be sent; false if the client is gone.
    boost::asio::awaitable<bool> say_goodbye();
    /// After the goodbye: bytes of whatever kind, to be thrown away.
    boost::asio::awaitable<Transfer> read_unwanted(std::span<char> room);

    /// Ends what waits at the moment; the connection stays.
    void interrupt();
    /// Ends both directions at once, and so whatever waits.
    void shut_down();
    void close();

private:
    Socket socket_;
    std::optional<boost::asio::ssl::stream<Socket&>> tls_;
};

}  // namespace genspool::daemon
