#include "daemon/secret.hpp"

#include <openssl/crypto.h>

namespace genspool::daemon {

Secret::~Secret() {
    // The whole allocation: a moved-from short string may still hold characters behind its size.
    text_.resize(text_.capacity());
    OPENSSL_cleanse(text_.data(), text_.size());
}

}  // namespace genspool::daemon
