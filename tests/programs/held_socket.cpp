#include "tests/programs/held_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace genspool::tests {

// Without close-on-exec: it is there to be inherited.
HeldSocket::HeldSocket(const std::string& path) : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    const auto* const place = reinterpret_cast<const sockaddr*>(&address);
    if (socket_ < 0 || ::bind(socket_, place, sizeof(address)) != 0 || ::listen(socket_, 64) != 0)
        throw std::system_error(errno, std::generic_category(), path);
}

HeldSocket::~HeldSocket() {
    ::close(socket_);
}

std::vector<std::string> HeldSocket::launcher(int sockets) const {
    const std::string held = std::to_string(socket_);
    std::string script;
    for (int i = 0; i < sockets; ++i)
        script += "exec " + std::to_string(3 + i) + "<&" + held + "; ";
    script += "LISTEN_PID=$$ LISTEN_FDS=" + std::to_string(sockets) + " exec \"$@\"";
    return {"/bin/sh", "-c", script, "sh"};
}

}  // namespace genspool::tests
