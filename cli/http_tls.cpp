#include "cli/http_tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

namespace genspool::cli {

namespace ssl = boost::asio::ssl;
using Error = boost::system::error_code;

namespace {

/// Tells OpenSSL whom to expect, and the server whom we want.
bool expect_peer(SSL* ssl, const std::string& host) {
    X509_VERIFY_PARAM* const parameters = SSL_get0_param(ssl);
    Error no_address;
    boost::asio::ip::make_address(host, no_address);
    if (!no_address) return X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size()) == 1 &&
           SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    const_cast<char*>(host.c_str())) == 1;
}

ssl::context trusting(const std::string& ca_file, Error& error) {
    ssl::context context(ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    context.set_verify_mode(ssl::verify_peer);
    if (ca_file.empty()) {
        context.set_default_verify_paths(error);
    } else {
        context.load_verify_file(ca_file, error);
    }
    return context;
}

}  // namespace

ClientTls::ClientTls(Plain& plain, const DaemonAddress& address, Error& error)
    : context_(trusting(address.ca_file, error)), stream_(plain, context_) {
    if (!error && !expect_peer(stream_.native_handle(), address.host))
        error = boost::asio::error::invalid_argument;
}

std::string ClientTls::complaint(const Error& error) {
    const long verdict = SSL_get_verify_result(stream_.native_handle());
    if (verdict == X509_V_OK) return "no TLS: " + error.message();
    return std::string("its certificate is not trusted: ") + X509_verify_cert_error_string(verdict);
}

}  // namespace genspool::cli
