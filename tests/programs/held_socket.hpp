#pragma once

#include <string>
#include <vector>

namespace genspool::tests {

/// Stands for the service manager's socket unit: it listens, and hands its socket to one daemon
/// after the other.
class HeldSocket {
public:
    explicit HeldSocket(const std::string& path);
    ~HeldSocket();
    HeldSocket(const HeldSocket&) = delete;
    HeldSocket& operator=(const HeldSocket&) = delete;

    /// A command that hands `sockets` of them, all this one, to the one that follows.
    std::vector<std::string> launcher(int sockets = 1) const;

private:
    int socket_ = -1;
};

}  // namespace genspool::tests
