#include "workers/secret_filter.hpp"

#include <algorithm>
#include <utility>

namespace genspool::workers {
namespace {

/// How many characters at the end of `text` are the beginning of `secret`, less than all of it.
std::size_t begun(std::string_view text, std::string_view secret) {
    if (secret.empty()) return 0;
    std::size_t count = std::min(text.size(), secret.size() - 1);
    while (count > 0 && !text.ends_with(secret.substr(0, count)))
        --count;
    return count;
}

}  // namespace

void SecretFilter::blot(std::string& text) const {
    for (const std::string& secret : secrets_) {
        std::size_t at = secret.empty() ? std::string::npos : text.find(secret);
        for (; at != std::string::npos; at = text.find(secret, at + secret.size()))
            text.replace(at, secret.size(), secret.size(), '*');
    }
}

std::string SecretFilter::pass(std::string piece) {
    if (!held_.empty()) piece.insert(0, std::exchange(held_, {}));
    blot(piece);
    std::size_t count = 0;
    for (const std::string& secret : secrets_)
        count = std::max(count, begun(piece, secret));
    held_ = piece.substr(piece.size() - count);
    piece.resize(piece.size() - count);
    return piece;
}

std::string SecretFilter::rest() {
    return std::exchange(held_, {});
}

}  // namespace genspool::workers
