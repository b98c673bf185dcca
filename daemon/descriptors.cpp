#include "daemon/descriptors.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace genspool::daemon {
namespace {

/// The database's tables, and the engine's steps with a connection and a file each.
constexpr std::uint64_t kept_for_work = 1'200;
/// A connection that an artifact is sent on has a file, too.
constexpr std::uint64_t of_a_connection = 2;

}  // namespace

std::uint64_t raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    const rlimit most{limit.rlim_max, limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &most) == 0) limit = most;
    return limit.rlim_cur;
}

std::uint32_t connections_within(std::uint64_t descriptors, std::size_t doors,
                                 std::uint32_t wanted) {
    const std::uint64_t kept = std::min(kept_for_work, descriptors / 2);
    const std::uint64_t room = (descriptors - kept) / (of_a_connection * doors);
    const std::uint64_t most = std::max<std::uint64_t>(room, 1);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted, most));
}

}  // namespace genspool::daemon
