#include "workers/secret_filter.hpp"

#include <algorithm>
#include <utility>

namespace genspool::workers {
namespace {

/// How many characters at the end of `text` are the beginning of `secret`, less than all of it.
std::size_t begun(std::string_view text, std::string_view secret) {
    std::size_t count = std::min(text.size(), secret.size() - 1);
    while (count > 0 && !text.ends_with(secret.substr(0, count)))
        --count;
    return count;
}

}  // namespace

void SecretFilter::blot(std::string& text) const {
    if (secret_.empty()) return;
    for (std::size_t at = text.find(secret_); at != std::string::npos;
         at = text.find(secret_, at + secret_.size()))
        text.replace(at, secret_.size(), secret_.size(), '*');
}

std::string SecretFilter::pass(std::string piece) {
    if (secret_.empty()) return piece;
    if (!held_.empty()) piece.insert(0, std::exchange(held_, {}));
    blot(piece);
    const std::size_t count = begun(piece, secret_);
    held_ = piece.substr(piece.size() - count);
    piece.resize(piece.size() - count);
    return piece;
}

std::string SecretFilter::rest() {
    return std::exchange(held_, {});
}

}  // namespace genspool::workers
