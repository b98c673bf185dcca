#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "tests/support/temporary_directory.hpp"

namespace genspool::tests {

/// A certificate authority of this test's own, with a server certificate for one name. Made by the
/// openssl program; throws std::runtime_error where that fails.
class ThrowawayCertificates {
public:
    explicit ThrowawayCertificates(const std::string& server_name);

    std::string ca_file() const { return directory_.path("ca.pem"); }
    std::string cert_file() const { return directory_.path("server.pem"); }
    std::string key_file() const { return directory_.path("server.key"); }

    /// A server's side, at most of that TLS version (such as TLS1_2_VERSION; 0: any).
    boost::asio::ssl::context server_context(int version_max = 0) const;

private:
    TemporaryDirectory directory_;
};

}  // namespace genspool::tests
