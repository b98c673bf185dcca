#include "daemon/doctor/ownership.hpp"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <system_error>

namespace genspool::daemon {

// The look-ups by number are not for several threads; nobody else runs while the doctor looks.
std::string user_name(uid_t user) {
    const passwd* const entry = ::getpwuid(user);
    return entry != nullptr ? entry->pw_name : std::to_string(user);
}

std::string group_name(gid_t group) {
    const ::group* const entry = ::getgrgid(group);
    return entry != nullptr ? entry->gr_name : std::to_string(group);
}

std::optional<struct stat> status_of(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return status;
}

std::string as_root() {
    return ::geteuid() == 0 ? "" : "sudo ";
}

std::string reload_daemon() {
    std::error_code ignored;  // where nothing can be seen, nothing is there
    return std::filesystem::exists("/run/systemd/system", ignored)
               ? as_root() + "systemctl reload genspoold"
               : "pkill -HUP -x genspoold";
}

std::string shell_word(const std::string& text) {
    const bool plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '/' || c == '.' || c == '_' || c == '-' || c == '@' ||
               c == ':' || c == '=' || c == ',';
    });
    if (plain) return text;
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

}  // namespace genspool::daemon
