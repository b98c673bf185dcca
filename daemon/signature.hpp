#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace genspool::daemon {

/// What only who knows the secret can say of a text: the first `bytes` (32 at most) of its
/// HMAC-SHA256, two digits each.
std::string signature(std::string_view secret, std::string_view text, std::size_t bytes);

/// Whether both are the same, and not empty; the time it takes says nothing of how near a guess
/// was.
bool same_secret(std::string_view said, std::string_view right);

}  // namespace genspool::daemon
