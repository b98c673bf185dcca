#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace genspool::workers {

/// The rules of outgoing TLS: version 1.2 or newer, the peer's certificate verified against the
/// system's trust store and, if not empty, the certificates in `extra_ca_file` (PEM). Throws
/// boost::system::system_error if that file cannot be read.
std::unique_ptr<boost::asio::ssl::context> make_tls_context(const std::string& extra_ca_file);

}  // namespace genspool::workers
