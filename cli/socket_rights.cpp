#include "cli/socket_rights.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <vector>

namespace genspool::cli {

namespace fs = std::filesystem;

namespace {

std::string own_name() {
    const passwd* const entry = ::getpwuid(::geteuid());
    return entry != nullptr ? entry->pw_name : std::to_string(::geteuid());
}

/// Whether this user is a member on paper, though not in this process.
bool is_member(const std::string& user, gid_t group) {
    const passwd* const entry = ::getpwnam(user.c_str());
    if (entry == nullptr) return false;
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (::getgrouplist(user.c_str(), entry->pw_gid, groups.data(), &count) < 0) return false;
    groups.resize(static_cast<std::size_t>(count));
    return std::ranges::find(groups, group) != groups.end();
}

/// The first on the way there that shuts us out.
fs::path shut(const fs::path& socket) {
    fs::path way;
    for (const fs::path& part : socket) {
        way /= part;
        const bool last = way == socket;
        if (::access(way.c_str(), last ? W_OK : X_OK) != 0 && errno == EACCES) return way;
    }
    return {};
}

}  // namespace

SocketRights rights_at(const std::string& socket) {
    struct stat status{};
    const fs::path closed = shut(socket);
    if (socket.empty() || closed.empty() || ::stat(closed.c_str(), &status) != 0) return {};
    const ::group* const entry = ::getgrgid(status.st_gid);
    const std::string group = entry != nullptr ? entry->gr_name : std::to_string(status.st_gid);
    const std::string user = own_name();
    SocketRights rights;
    if (is_member(user, status.st_gid)) {
        rights.why = user + " is in group " + group + ", but was not yet when this session began";
        rights.cure = "newgrp " + group + "   # or log in anew";
    } else {
        rights.why = user + " may not use " + socket + ": " + closed.string() +
                     " is for the members of group " + group;
        rights.cure = "sudo usermod -aG " + group + " " + user + "   # then log in anew";
    }
    return rights;
}

}  // namespace genspool::cli
