#pragma once

#include <string>

namespace genspool::daemon {

/// The 32 random bytes that are hashed together with the accounts' keys, see queue_setup(). Made
/// at the first start, durable before it is used, mode 0600. Throws std::runtime_error, with the
/// reason in words. Where it was lost, all keys count as changed.
std::string key_salt(const std::string& path);

}  // namespace genspool::daemon
