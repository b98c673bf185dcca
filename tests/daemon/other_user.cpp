#include "tests/daemon/other_user.hpp"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

namespace genspool::tests {
namespace {

/// errno, or 0. The bare system calls change the calling thread alone, unlike those of the library.
int become(uid_t user, gid_t group, const std::vector<gid_t>& groups) {
    if (::syscall(SYS_setgroups, groups.size(), groups.data()) != 0) return errno;
    if (::syscall(SYS_setresgid, group, group, group) != 0) return errno;
    if (::syscall(SYS_setresuid, user, user, user) != 0) return errno;
    return 0;
}

int connect_to(int descriptor, const std::string& socket) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.copy(address.sun_path, sizeof address.sun_path - 1);
    const auto* const where = reinterpret_cast<const sockaddr*>(&address);
    return ::connect(descriptor, where, sizeof address) == 0 ? 0 : errno;
}

}  // namespace

bool can_be_other_user() {
    return ::geteuid() == 0;
}

int connect_as(uid_t user, gid_t group, std::vector<gid_t> groups, const std::string& socket) {
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error = descriptor < 0 ? errno : 0;
    std::thread somebody_else([&] {
        if (error == 0) error = become(user, group, groups);
        if (error == 0) error = connect_to(descriptor, socket);
    });
    somebody_else.join();
    if (error != 0) throw std::system_error(error, std::generic_category(), "connect as other");
    return descriptor;
}

}  // namespace genspool::tests
