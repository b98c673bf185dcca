#include "cli/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include "cli/failure.hpp"

namespace genspool::cli {

namespace {

struct Free {
    void operator()(EVP_MD_CTX* digest) const { EVP_MD_CTX_free(digest); }
};

class Sha256 {
public:
    Sha256() { must(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr)); }

    void update(std::string_view bytes) {
        must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
    }

    std::string text() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
        unsigned count = 0;
        must(EVP_DigestFinal_ex(context_.get(), hash.data(), &count));
        return hex_text(hash.data(), count);
    }

private:
    static void must(int done) {
        if (done != 1) throw CommandFailed(Exit::failed, "SHA-256 is not available");
    }

    std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

}  // namespace

std::string hex_text(const unsigned char* bytes, std::size_t count) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += digits[bytes[i] >> 4U];
        text += digits[bytes[i] & 0xFU];
    }
    return text;
}

std::string sha256_of(std::string_view bytes) {
    Sha256 digest;
    digest.update(bytes);
    return digest.text();
}

std::optional<std::string> sha256_of_file(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path, error)))
        return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    Sha256 digest;
    std::array<char, 65536> piece{};
    while (file) {
        file.read(piece.data(), piece.size());
        digest.update({piece.data(), static_cast<std::size_t>(file.gcount())});
    }
    if (!file.eof()) return std::nullopt;
    return digest.text();
}

}  // namespace genspool::cli
