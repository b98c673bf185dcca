#include "daemon/peer.hpp"

#include <grp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace genspool::daemon {
namespace {

/// The supplementary groups that the peer had when it connected.
std::vector<gid_t> peer_groups(int socket) {
    std::vector<gid_t> groups(64);
    while (true) {
        auto bytes = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
        if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &bytes) == 0) {
            groups.resize(bytes / sizeof(gid_t));
            return groups;
        }
        if (errno != ERANGE) return {};  // an old kernel: the primary group still counts
        groups.resize(bytes / sizeof(gid_t));
    }
}

}  // namespace

std::optional<AdminGroup> AdminGroup::find(const std::string& name) {
    if (name.empty()) return AdminGroup{};
    std::vector<char> room(16'384);
    group entry{};
    group* found = nullptr;
    const int failed = ::getgrnam_r(name.c_str(), &entry, room.data(), room.size(), &found);
    if (failed != 0 || found == nullptr) return std::nullopt;
    return AdminGroup{found->gr_gid};
}

std::optional<Caller> peer_of(int socket, const AdminGroup& admins) {
    ucred peer{};
    socklen_t bytes = sizeof peer;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0) return std::nullopt;
    Caller caller{"uid:" + std::to_string(peer.uid), peer.uid == 0 || peer.uid == ::geteuid()};
    if (!caller.admin && admins.gid) {
        const auto groups = peer_groups(socket);
        caller.admin =
            peer.gid == *admins.gid || std::ranges::find(groups, *admins.gid) != groups.end();
    }
    return caller;
}

}  // namespace genspool::daemon
