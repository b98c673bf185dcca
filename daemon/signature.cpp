#include "daemon/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace genspool::daemon {

std::string signature(std::string_view secret, std::string_view text, std::size_t bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    const auto* const data = reinterpret_cast<const unsigned char*>(text.data());
    if (::HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), data, text.size(),
               digest.data(), &length) == nullptr)
        throw std::runtime_error("OpenSSL makes no signature");
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i) {
        out += hex[digest.at(i) >> 4U];
        out += hex[digest.at(i) & 15U];
    }
    return out;
}

bool same_secret(std::string_view said, std::string_view right) {
    return !right.empty() && said.size() == right.size() &&
           CRYPTO_memcmp(said.data(), right.data(), said.size()) == 0;
}

}  // namespace genspool::daemon
