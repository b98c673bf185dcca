#pragma once

#include <string>

namespace genspool::daemon::gateway {

/// What a client wants bought.
struct Order {
    std::string identity;  ///< path and body in their canonical form, with files by their hashes
    std::string line;      ///< the job as JSON text
    bool answered_at_once = false;  ///< with a task's number; else when the job has ended

    Order() = default;
};

}  // namespace genspool::daemon::gateway
