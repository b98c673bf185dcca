#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <string>

namespace genspool::daemon {

/// A small file read whole, or why it was not.
struct SmallFile {
    std::string bytes;
    std::string error;     ///< in words; empty: it was read
    struct stat status{};  ///< of what was read
};

/// Reads a regular file of at most `bytes_max`. `closed_to` is the mode bits that it must not have,
/// as 077 for what only its owner may touch; 0: whatever it has. Blocking.
SmallFile read_small_file(const std::string& path, std::size_t bytes_max, mode_t closed_to);

}  // namespace genspool::daemon
