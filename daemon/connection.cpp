#include "daemon/connection.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace genspool::daemon {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto completed = asio::as_tuple(asio::use_awaitable);

}  // namespace

// Reads and writes are no coroutines of their own: they hand on the one that the operation is.

Connection::Connection(Socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
    // Lets write_now() try at once.
    socket_.non_blocking(true);
    if (tls != nullptr) tls_.emplace(socket_, *tls);
}

asio::awaitable<Greeting> Connection::greet() {
    if (!tls_) co_return Greeting::done;
    const auto result = co_await tls_->async_handshake(asio::ssl::stream_base::server, completed);
    const error_code error = std::get<0>(result);
    if (!error) co_return Greeting::done;
    const bool plain =
        error.category() == asio::error::get_ssl_category() &&
        ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_HTTP_REQUEST;
    if (!plain) co_return Greeting::failed;
    tls_.reset();
    co_return Greeting::plain_http;
}

void Connection::write_plain(std::string_view bytes) {
    error_code ignored;  // it was only a courtesy
    socket_.write_some(asio::buffer(bytes), ignored);
}

asio::awaitable<Connection::Transfer> Connection::read_some(std::span<char> room) {
    const asio::mutable_buffer buffer(room.data(), room.size());
    if (tls_) return tls_->async_read_some(buffer, completed);
    return socket_.async_read_some(buffer, completed);
}

std::size_t Connection::write_now(std::string_view bytes, error_code& error) {
    if (!tls_) return socket_.write_some(asio::buffer(bytes), error);
    error = asio::error::would_block;
    return 0;
}

asio::awaitable<Connection::Transfer> Connection::write(std::string_view bytes) {
    const asio::const_buffer buffer(bytes.data(), bytes.size());
    if (tls_) return asio::async_write(*tls_, buffer, completed);
    return asio::async_write(socket_, buffer, completed);
}

bool Connection::gone() {
    ::pollfd looked{socket_.native_handle(), POLLRDHUP, 0};
    if (::poll(&looked, 1, 0) <= 0) return false;
    return (looked.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

asio::awaitable<bool> Connection::say_goodbye() {
    if (tls_) {
        // Its end says whether the client said goodbye, too; that is of no consequence here.
        co_await tls_->async_shutdown(completed);
    }
    error_code error;
    socket_.shutdown(Socket::shutdown_send, error);
    co_return !error;
}

asio::awaitable<Connection::Transfer> Connection::read_unwanted(std::span<char> room) {
    return socket_.async_read_some(asio::mutable_buffer(room.data(), room.size()), completed);
}

void Connection::interrupt() {
    error_code ignored;  // then nothing waits
    socket_.cancel(ignored);
}

void Connection::shut_down() {
    error_code ignored;  // a socket that is gone is what was wanted
    socket_.shutdown(Socket::shutdown_both, ignored);
}

void Connection::close() {
    error_code ignored;  // as above
    socket_.close(ignored);
}

}  // namespace genspool::daemon
