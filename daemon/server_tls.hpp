#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace genspool::daemon {

/// The TLS of the API, or why there can be none.
struct ServerTls {
    std::unique_ptr<boost::asio::ssl::context> context;
    std::string error;  ///< in words, with the file's name; empty: the context is there
};

/// Version 1.2 or newer, with this certificate chain and its key (PEM). The key must be closed to
/// all but its owner and group, have no passphrase, and fit the certificate.
ServerTls make_server_tls(const std::string& certificate_file, const std::string& key_file);

}  // namespace genspool::daemon
