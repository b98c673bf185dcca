#include "tests/support/throwaway_certificates.hpp"

#include <openssl/ssl.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace genspool::tests {

namespace ssl = boost::asio::ssl;

namespace {

void run_openssl(const std::string& directory, const std::string& arguments) {
    const std::string command =
        "cd '" + directory + "' && openssl " + arguments + " >openssl.log 2>&1";
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

}  // namespace

ThrowawayCertificates::ThrowawayCertificates(const std::string& server_name) {
    const std::string key = " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";
    std::ofstream(directory_.path("names")) << "subjectAltName=DNS:" << server_name << "\n";
    run_openssl(directory_.path(),
                "req -x509" + key + "-keyout ca.key -out ca.pem -days 2 -subj /CN=throwaway-ca");
    run_openssl(directory_.path(),
                "req" + key + "-keyout server.key -out server.csr -subj /CN=server");
    run_openssl(directory_.path(),
                "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
                "-extfile names -out server.pem");
}

ssl::context ThrowawayCertificates::server_context(int version_max) const {
    ssl::context context(ssl::context::tls_server);
    context.use_certificate_chain_file(cert_file());
    context.use_private_key_file(key_file(), ssl::context::pem);
    if (version_max != 0) {
        // A test of old versions needs the old, weak algorithms as well.
        SSL_CTX_set_security_level(context.native_handle(), 0);
        SSL_CTX_set_min_proto_version(context.native_handle(), version_max);
        SSL_CTX_set_max_proto_version(context.native_handle(), version_max);
    }
    return context;
}

}  // namespace genspool::tests
