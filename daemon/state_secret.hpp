#pragma once

#include <string>
#include <string_view>

namespace genspool::daemon {

/// 32 random bytes that lie in a file of the state directory: made when they are first asked for,
/// durable before they are used, mode 0600. Throws std::runtime_error, with the reason in words;
/// `lost` says what follows for whoever takes a damaged file away.
std::string state_secret(const std::string& path, std::string_view lost);

}  // namespace genspool::daemon
