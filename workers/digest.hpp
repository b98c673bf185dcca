#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace genspool::workers {

/// SHA-256 of bytes that come piece by piece. Any thread, one at a time. Throws std::runtime_error
/// only where OpenSSL itself cannot work (no memory, no such digest).
class Sha256 {
public:
    using Bytes = std::array<std::uint8_t, 32>;

    Sha256();
    Sha256(Sha256&&) noexcept = default;
    Sha256& operator=(Sha256&&) noexcept = default;
    ~Sha256();

    void update(std::span<const std::byte> piece);
    void update(std::string_view piece);

    /// The digest of all that was given so far; more may follow.
    Bytes bytes() const;
    /// The same in lower-case hex.
    std::string hex() const;

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// SHA-256 of a whole string in lower-case hex.
std::string sha256_hex(std::string_view bytes);

}  // namespace genspool::workers
