#pragma once

#include <string>

namespace genspool::cli {

/// Why a unix socket cannot be used by us, where rights are the reason, and what helps; both empty
/// where they are not.
struct SocketRights {
    std::string why;
    std::string cure;
};

SocketRights rights_at(const std::string& socket);

}  // namespace genspool::cli
