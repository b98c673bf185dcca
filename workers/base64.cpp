#include "workers/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>

namespace genspool::workers {

void append_base64(std::string& out, std::string_view bytes) {
    // OpenSSL counts in int; a piece of a length that three divides ends without padding.
    constexpr std::size_t piece_bytes = std::size_t{3} << 20U;
    out.reserve(out.size() + (bytes.size() + 2) / 3 * 4 + 1);
    while (!bytes.empty()) {
        const std::string_view piece = bytes.substr(0, piece_bytes);
        const std::size_t before = out.size();
        const std::size_t encoded = (piece.size() + 2) / 3 * 4;
        out.resize(before + encoded + 1);  // OpenSSL ends it with a zero
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + before),
                        reinterpret_cast<const unsigned char*>(piece.data()),
                        static_cast<int>(piece.size()));
        out.resize(before + encoded);
        bytes.remove_prefix(piece.size());
    }
}

}  // namespace genspool::workers
