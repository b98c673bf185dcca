#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace genspool::cli {

/// Why a unix socket cannot be used by us, where rights are the reason, and what helps; both empty
/// where they are not.
struct SocketRights {
    std::string why;
    std::string cure;
};

SocketRights rights_at(const std::string& socket);

/// A socket, or a directory on the way to it, that shuts somebody out.
struct Lock {
    mode_t mode = 0;
    uid_t uid = 0;
    gid_t gid = 0;
};

struct Person {
    uid_t uid = 0;
    std::vector<gid_t> groups;    ///< of this process
    std::vector<gid_t> on_paper;  ///< that the system's files name
};

/// What lets somebody in.
enum class Opening {
    membership,   ///< of the lock's group
    new_session,  ///< he is a member, but was not yet when this session began
    mode,         ///< it is his own, and closed to himself
    owner,        ///< only who owns it, or root, may
};

Opening opening_for(const Lock& lock, const Person& person);

}  // namespace genspool::cli
