#include "workers/http_tls.hpp"

#include <openssl/ssl.h>

#include <array>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

namespace genspool::workers {

namespace ssl = boost::asio::ssl;

std::unique_ptr<ssl::context> make_tls_context(const std::string& extra_ca_file) {
    auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
    // What servers choose by; without it some offer HTTP/2 only to newcomers.
    static constexpr std::array<unsigned char, 9> http_1_1 = {8,   'h', 't', 't', 'p',
                                                              '/', '1', '.', '1'};
    SSL_CTX* const native = context->native_handle();
    if (SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_alpn_protos(native, http_1_1.data(), http_1_1.size()) != 0) {
        throw boost::system::system_error(boost::asio::error::invalid_argument, "TLS set-up");
    }
    context->set_verify_mode(ssl::verify_peer);
    context->set_default_verify_paths();
    if (!extra_ca_file.empty()) context->load_verify_file(extra_ca_file);
    return context;
}

}  // namespace genspool::workers
