#include "daemon/server_tls.hpp"

#include <openssl/ssl.h>

#include <boost/asio/buffer.hpp>
#include <utility>

#include "daemon/secret.hpp"
#include "daemon/small_file.hpp"

namespace genspool::daemon {

namespace ssl = boost::asio::ssl;

namespace {

constexpr std::size_t key_bytes_max = 64U << 10U;
constexpr mode_t key_closed_to = 027;

std::string complaint(const boost::system::error_code& error, const std::string& file) {
    return error ? file + ": " + error.message() : std::string();
}

/// What is wrong with the key; empty: nothing.
std::string use_key(ssl::context& context, const std::string& file) {
    SmallFile read = read_small_file(file, key_bytes_max, key_closed_to);
    if (!read.error.empty()) return file + ": " + read.error;
    const Secret key(std::move(read.bytes));
    boost::system::error_code error;
    // Without this OpenSSL would ask for a passphrase on the terminal.
    context.set_password_callback(
        [](std::size_t, ssl::context::password_purpose) { return std::string(); });
    context.use_private_key(boost::asio::buffer(key.reveal()), ssl::context::pem, error);
    return complaint(error, file);
}

}  // namespace

ServerTls make_server_tls(const std::string& certificate_file, const std::string& key_file) {
    ServerTls tls;
    auto context = std::make_unique<ssl::context>(ssl::context::tls_server);
    SSL_CTX* const native = context->native_handle();
    // A client that renegotiates over and over would make us do the costly part each time.
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
    if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1) {
        tls.error = "TLS cannot be set up";
        return tls;
    }
    boost::system::error_code error;
    context->use_certificate_chain_file(certificate_file, error);
    tls.error = complaint(error, certificate_file);
    if (tls.error.empty()) tls.error = use_key(*context, key_file);
    if (tls.error.empty()) tls.context = std::move(context);
    return tls;
}

}  // namespace genspool::daemon
