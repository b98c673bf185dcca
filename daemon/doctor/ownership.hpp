#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <optional>
#include <string>

namespace genspool::daemon {

/// Whose a file is and who may do what with it, in the words of a shell.

/// The user's name, or its number where it has none.
std::string user_name(uid_t user);
std::string group_name(gid_t group);

/// nullopt: it cannot be looked at; errno says why.
std::optional<struct stat> status_of(const std::string& path);

/// "sudo " where this process is not root's: to stand before what only root may do.
std::string as_root();

/// What makes the daemon that runs read its configuration and keys anew.
std::string reload_daemon();

/// Quoted where a shell wants that.
std::string shell_word(const std::string& text);

}  // namespace genspool::daemon
