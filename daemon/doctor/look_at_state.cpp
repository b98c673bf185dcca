#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "daemon/doctor/look_at.hpp"
#include "daemon/doctor/ownership.hpp"

namespace genspool::daemon {

namespace fs = std::filesystem;

namespace {

constexpr const char* check = "state";

std::string gigabytes(std::uint64_t bytes) {
    constexpr std::uint64_t mebibyte = 1ULL << 20U;
    if (bytes < 1024 * mebibyte) return std::to_string(bytes / mebibyte) + " MiB";
    constexpr std::uint64_t tenth = (1ULL << 30U) / 10;
    const std::uint64_t tenths = bytes / tenth;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GiB";
}

/// The nearest directory on the way there that exists.
std::string nearest(fs::path path) {
    std::error_code ignored;  // what cannot be looked at is not there for us
    while (path.has_parent_path() && path != path.parent_path() && !fs::exists(path, ignored))
        path = path.parent_path();
    return path.string();
}

bool may_write(const std::string& path) {
    return ::access(path.c_str(), W_OK | X_OK) == 0;
}

Finding look_at_missing(const std::string& path) {
    const std::string above = nearest(path);
    if (may_write(above)) return {Gravity::ok, check, path + " will be made at the first start"};
    const std::string user = user_name(::geteuid());
    return {Gravity::problem, check,
            path + " does not exist, and " + user + " may not make it in " + above,
            "sudo install -d -m 750 -o " + user + " " + shell_word(path)};
}

/// Somebody started the daemon once as another user.
Findings look_at_owners(const std::string& path, const struct stat& status) {
    constexpr std::array<const char*, 8> parts = {"db",        "spool",   "blobs", "run",
                                                  "artifacts", "results", "inbox", "run/lock"};
    for (const char* const part : parts) {
        const std::string inside = (fs::path(path) / part).string();
        const auto found = status_of(inside);
        if (!found || found->st_uid == status.st_uid) continue;
        const std::string user = user_name(status.st_uid);
        return {{Gravity::problem, check,
                 inside + " belongs to " + user_name(found->st_uid) + ", and the directory to " +
                     user + ": a daemon of one of them cannot work in what is the other's",
                 as_root() + "chown -R " + user + ": " + shell_word(path)}};
    }
    return {
        {Gravity::ok, check, path + " is " + user_name(status.st_uid) + "'s, who can work in it"}};
}

Findings look_at_directory(const std::string& path) {
    const auto status = status_of(path);
    if (!status && errno == ENOENT) return {look_at_missing(path)};
    if (!status)
        return {{Gravity::warning, check,
                 path + ": " + std::generic_category().message(errno) + " for " +
                     user_name(::geteuid()),
                 "sudo genspool doctor"}};
    if (!S_ISDIR(status->st_mode))
        return {{Gravity::problem, check, path + " is no directory",
                 as_root() + "mv " + shell_word(path) + " " + shell_word(path + ".aside")}};
    if (may_write(path)) return look_at_owners(path, *status);
    const std::string owner = user_name(status->st_uid);
    if (status->st_uid != ::geteuid() && status->st_uid != 0)
        return {{Gravity::ok, check, path + " is " + owner + "'s, as whom its daemon must work"}};
    const std::string user = user_name(::geteuid());
    return {{Gravity::problem, check,
             path + " belongs to " + owner + ", and " + user + " may not write there",
             "sudo chown -R " + user + ": " + shell_word(path) + " && chmod u+rwx " +
                 shell_word(path)}};
}

Findings look_at_room(const Config& config) {
    struct statvfs room{};
    const std::string at = nearest(config.daemon.state_dir);
    if (::statvfs(at.c_str(), &room) != 0)
        return {{Gravity::warning, "disk", at + ": " + std::generic_category().message(errno),
                 "df -h " + shell_word(at)}};
    const std::uint64_t free = std::uint64_t{room.f_bavail} * room.f_frsize;
    const std::uint64_t reserve = config.disk.reserve_bytes;
    Finding finding{Gravity::ok, "disk",
                    gigabytes(free) + " are free at " + at + ", and " + gigabytes(reserve) +
                        " of them are kept in reserve"};
    if (free < 2 * reserve) {
        finding.gravity = free < reserve ? Gravity::problem : Gravity::warning;
        if (free < reserve) finding.text += ": nothing is bought";
        finding.cure = "df -h " + shell_word(at) + "   # make room, or lower reserve in [disk]";
    }
    return {finding};
}

Findings look_at_inbox(const Config& config) {
    if (!config.inbox.enabled) return {};
    const std::string path =
        config.inbox.dir.empty() ? config.daemon.state_dir + "/inbox" : config.inbox.dir;
    const auto status = status_of(path);
    if (!status) return {};  // made with the state directory, of which all has been said
    const std::string group = group_name(status->st_gid);
    const bool shared = (status->st_mode & 030U) == 030U;
    const bool alone = config.daemon.admin_group.empty() && status->st_uid == ::geteuid();
    if (may_write(path) && (alone || ::geteuid() != 0))
        return {{Gravity::ok, "inbox", user_name(::geteuid()) + " may put files into " + path}};
    if (!may_write(path) && ::geteuid() == status->st_uid)
        return {{Gravity::problem, "inbox", path + " is closed to its own user",
                 "chmod u+rwx " + shell_word(path)}};
    if (!shared)
        return {{Gravity::warning, "inbox",
                 "the members of group " + group + " may not put files into " + path,
                 as_root() + "chmod 2770 " + shell_word(path)}};
    if (::geteuid() == 0)
        return {{Gravity::ok, "inbox",
                 "the members of group " + group + " may put files into " + path}};
    return {{Gravity::warning, "inbox",
             user_name(::geteuid()) + " may not put files into " + path + ": that is for group " +
                 group,
             "sudo usermod -aG " + group + " " + user_name(::geteuid()) + "   # then log in anew"}};
}

}  // namespace

Findings look_at_state(const Config& config) {
    Findings findings = look_at_directory(config.daemon.state_dir);
    for (const auto look : {look_at_room, look_at_inbox}) {
        const Findings more = look(config);
        findings.insert(findings.end(), more.begin(), more.end());
    }
    return findings;
}

}  // namespace genspool::daemon
