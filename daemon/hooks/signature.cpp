#include "daemon/hooks/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>
#include <stdexcept>

#include "proto/base64.hpp"
#include "workers/base64.hpp"

namespace genspool::daemon::hooks {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::size_t secret_bytes_min = 24;
constexpr std::size_t secret_bytes_max = 64;

std::string hmac_sha256(const std::string& key, const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(),
             digest.data(), &size) == nullptr)
        throw std::runtime_error("OpenSSL could not sign");
    return {digest.begin(), digest.begin() + size};
}

}  // namespace

std::optional<Secret> read_signing_secret(std::string_view text) {
    if (text.starts_with(secret_prefix)) text.remove_prefix(secret_prefix.size());
    auto bytes = proto::base64_decode(text);
    if (!bytes || bytes->size() < secret_bytes_min || bytes->size() > secret_bytes_max)
        return std::nullopt;
    return Secret(std::move(*bytes));
}

std::string timestamp(proto::Instant at) {
    return std::to_string(
        std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count());
}

std::string sign(std::string_view id, proto::Instant at, std::string_view body,
                 std::span<const Secret> secrets) {
    std::string signed_text(id);
    signed_text.append(".").append(timestamp(at)).append(".").append(body);
    std::string header;
    for (const Secret& secret : secrets) {
        header += header.empty() ? "v1," : " v1,";
        workers::append_base64(header, hmac_sha256(secret.reveal(), signed_text));
    }
    return header;
}

}  // namespace genspool::daemon::hooks
