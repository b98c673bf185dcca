#pragma once

#include <sys/types.h>

#include <optional>

#include "daemon/request.hpp"

namespace genspool::daemon {

/// Who counts as an admin, beside root and the daemon's own user.
struct AdminGroup {
    std::optional<gid_t> gid;

    /// Looks the group up by name; "" is none. nullopt: there is no such group.
    static std::optional<AdminGroup> find(const std::string& name);
};

/// Who is at the other end of this connected unix socket, as the kernel knows it; nullopt if it
/// cannot be asked.
std::optional<Caller> peer_of(int socket, const AdminGroup& admins);

}  // namespace genspool::daemon
