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

std::string name_of(uid_t user) {
    const passwd* const entry = ::getpwuid(user);
    return entry != nullptr ? entry->pw_name : std::to_string(user);
}

std::string group_name(gid_t group) {
    const ::group* const entry = ::getgrgid(group);
    return entry != nullptr ? entry->gr_name : std::to_string(group);
}

std::vector<gid_t> groups_on_paper(uid_t user) {
    const passwd* const entry = ::getpwuid(user);
    if (entry == nullptr) return {};
    int count = 64;
    std::vector<gid_t> groups(static_cast<std::size_t>(count));
    if (::getgrouplist(entry->pw_name, entry->pw_gid, groups.data(), &count) < 0) return {};
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

/// Who we are to access(), which asks for the real ids.
Person ourselves() {
    Person person{::getuid(), {::getgid()}, groups_on_paper(::getuid())};
    std::vector<gid_t> more(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    const int count = ::getgroups(static_cast<int>(more.size()), more.data());
    more.resize(static_cast<std::size_t>(std::max(count, 0)));
    person.groups.insert(person.groups.end(), more.begin(), more.end());
    return person;
}

bool is_among(gid_t group, const std::vector<gid_t>& groups) {
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

Opening opening_for(const Lock& lock, const Person& person) {
    if (lock.uid == person.uid) return Opening::mode;
    const mode_t needed = S_ISDIR(lock.mode) ? S_IXGRP : S_IWGRP;
    // Nobody is made a member of root's group; who is a member and shut out is so by other rules.
    const bool opens = (lock.mode & needed) != 0 && lock.gid != 0;
    if (!opens || is_among(lock.gid, person.groups)) return Opening::owner;
    return is_among(lock.gid, person.on_paper) ? Opening::new_session : Opening::membership;
}

SocketRights rights_at(const std::string& socket) {
    struct stat status{};
    const fs::path closed = shut(socket);
    if (socket.empty() || closed.empty() || ::stat(closed.c_str(), &status) != 0) return {};
    const std::string group = group_name(status.st_gid);
    const std::string owner = name_of(status.st_uid);
    const Person us = ourselves();
    const std::string user = name_of(us.uid);
    const std::string why = user + " may not use " + socket + ": " + closed.string() + " is ";
    switch (opening_for({status.st_mode, status.st_uid, status.st_gid}, us)) {
        case Opening::new_session:
            return {user + " is in group " + group + ", but was not yet when this session began",
                    "newgrp " + group + "   # or log in anew"};
        case Opening::membership:
            return {why + "for the members of group " + group,
                    "sudo usermod -aG " + group + " " + user + "   # then log in anew"};
        case Opening::mode:
            return {why + "closed to its own owner", "chmod u+rwx " + closed.string()};
        case Opening::owner:
            break;
    }
    return {why + "for " + owner + " alone", "sudo -u " + owner + " genspool doctor"};
}

}  // namespace genspool::cli
