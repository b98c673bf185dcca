#include "proto/open_answer.hpp"

#include <algorithm>
#include <array>

namespace genspool::proto {

namespace {

/// What the daemon says at 500 and above before it writes anything down.
constexpr std::array<std::string_view, 4> refusals = {"queue_full", "disk_full", "busy",
                                                      "stopping"};

}  // namespace

bool leaves_open(int status, std::string_view code) {
    return status >= 500 && std::ranges::find(refusals, code) == refusals.end();
}

}  // namespace genspool::proto
