#pragma once

#include <array>
#include <cstdint>

#include "workers/local_descriptor.hpp"

namespace genspool::daemon {

/// Copies result lines so that each job has one, the one with the highest `end`, in the order of
/// admission; refused lines come first, as they stand. [0] is the results file, [1] the errors
/// file; a job's line stays in the file it stands in. A source that is not open counts as empty,
/// and only its first `lengths` bytes are read. Returns the lengths written. Lines that are not
/// ours are left out. Holds 40 bytes a line, not the lines. Blocks; throws std::system_error.
std::array<std::uint64_t, 2> rewrite_results(const std::array<workers::Descriptor, 2>& sources,
                                             const std::array<std::uint64_t, 2>& lengths,
                                             const std::array<workers::Descriptor, 2>& targets);

}  // namespace genspool::daemon
