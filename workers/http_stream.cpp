#include "workers/http_stream.hpp"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

namespace genspool::workers {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

error_code prepare_socket(asio::ip::tcp::socket& socket, const asio::ip::tcp& protocol) {
    error_code error;
    socket.open(protocol, error);
    if (error) return error;
    // Asio does not ask for close-on-exec.
    if (::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC) != 0) {
        return {errno, boost::system::system_category()};
    }
    socket.set_option(asio::ip::tcp::no_delay(true), error);
    if (error) return error;
    // A synchronous purchase may be silent for minutes; middleboxes forget such connections.
    socket.set_option(asio::socket_base::keep_alive(true), error);
    return error;
}

/// Tells OpenSSL whom to expect, and the server whom we want.
bool expect_peer(SSL* ssl, const std::string& host) {
    X509_VERIFY_PARAM* const parameters = SSL_get0_param(ssl);
    error_code not_an_address;
    asio::ip::make_address(host, not_an_address);
    if (!not_an_address) return X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size()) == 1 &&
           SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    const_cast<char*>(host.c_str())) == 1;
}

}  // namespace

HttpStream::HttpStream(asio::any_io_executor executor) : socket_(std::move(executor)) {}

asio::awaitable<error_code> HttpStream::connect(asio::ip::tcp::endpoint endpoint) {
    close();
    const error_code refused = prepare_socket(socket_, endpoint.protocol());
    if (refused) co_return refused;
    const auto result = co_await socket_.async_connect(endpoint, asio::as_tuple(asio::deferred));
    co_return std::get<0>(result);
}

asio::awaitable<error_code> HttpStream::handshake(asio::ssl::context& context, std::string host) {
    tls_.emplace(socket_, context);
    if (!expect_peer(tls_->native_handle(), host)) {
        co_return error_code(asio::error::invalid_argument);
    }
    const auto result = co_await tls_->async_handshake(asio::ssl::stream_base::client,
                                                       asio::as_tuple(asio::deferred));
    co_return std::get<0>(result);
}

std::string HttpStream::verification_complaint() const {
    if (!tls_) return {};
    // The getter of OpenSSL and that of Asio take no const.
    SSL* const ssl = const_cast<Tls&>(*tls_).native_handle();
    const long verdict = SSL_get_verify_result(ssl);
    return verdict == X509_V_OK ? std::string() : X509_verify_cert_error_string(verdict);
}

asio::awaitable<Transfer> HttpStream::write(std::string_view head, std::string_view body) {
    const std::array<asio::const_buffer, 2> pieces = {asio::buffer(head), asio::buffer(body)};
    Transfer transfer;
    if (tls_) {
        const auto result =
            co_await asio::async_write(*tls_, pieces, asio::as_tuple(asio::deferred));
        std::tie(transfer.error, transfer.bytes) = result;
    } else {
        const auto result =
            co_await asio::async_write(socket_, pieces, asio::as_tuple(asio::deferred));
        std::tie(transfer.error, transfer.bytes) = result;
    }
    co_return transfer;
}

asio::awaitable<Transfer> HttpStream::read_some(asio::mutable_buffer room) {
    Transfer transfer;
    if (tls_) {
        const auto result = co_await tls_->async_read_some(room, asio::as_tuple(asio::deferred));
        std::tie(transfer.error, transfer.bytes) = result;
    } else {
        const auto result = co_await socket_.async_read_some(room, asio::as_tuple(asio::deferred));
        std::tie(transfer.error, transfer.bytes) = result;
    }
    co_return transfer;
}

bool HttpStream::quiet() {
    if (!socket_.is_open()) return false;
    char byte = 0;
    const ssize_t got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void HttpStream::close() {
    error_code ignored;  // closing is all that was wanted
    socket_.close(ignored);
}

}  // namespace genspool::workers
