#pragma once

#include <string>
#include <variant>

#include "daemon/config.hpp"

namespace genspool::daemon {

/// The key of an account from where its `api_key_setting` says that it lies, or why there is none.
/// Blocking.
std::variant<Secret, std::string> find_key(const AccountConfig& account,
                                           const ConfigSources& sources);

}  // namespace genspool::daemon
