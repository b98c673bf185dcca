#include "workers/digest.hpp"

#include <openssl/evp.h>

#include <stdexcept>

namespace genspool::workers {

namespace {

void check(int result) {
    if (result != 1) throw std::runtime_error("OpenSSL cannot compute SHA-256");
}

/// Looked up once: EVP_sha256() would search the providers at every use.
const EVP_MD* algorithm() {
    static const EVP_MD* const found = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (!found) throw std::runtime_error("OpenSSL has no SHA-256");
    return found;
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    if (!context_) throw std::runtime_error("OpenSSL has no memory");
    check(EVP_DigestInit_ex(context_.get(), algorithm(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> piece) {
    check(EVP_DigestUpdate(context_.get(), piece.data(), piece.size()));
}

void Sha256::update(std::string_view piece) {
    check(EVP_DigestUpdate(context_.get(), piece.data(), piece.size()));
}

Sha256::Bytes Sha256::bytes() const {
    // Finishing ends a context, so a copy is finished.
    const std::unique_ptr<evp_md_ctx_st, Free> copy(EVP_MD_CTX_new());
    if (!copy) throw std::runtime_error("OpenSSL has no memory");
    check(EVP_MD_CTX_copy_ex(copy.get(), context_.get()));
    Bytes digest{};
    unsigned int length = 0;
    check(EVP_DigestFinal_ex(copy.get(), digest.data(), &length));
    return digest;
}

std::string Sha256::hex() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(64);
    for (const std::uint8_t byte : bytes()) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 digest;
    digest.update(bytes);
    return digest.hex();
}

}  // namespace genspool::workers
