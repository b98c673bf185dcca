#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace genspool::tests {

/// Whether this process may become another user.
bool can_be_other_user();

/// Connects to a unix socket as somebody else; the kernel remembers who it was. The caller owns the
/// descriptor. Only where can_be_other_user(). Throws std::system_error.
int connect_as(uid_t user, gid_t group, std::vector<gid_t> groups, const std::string& socket);

}  // namespace genspool::tests
