#pragma once

#include <cstddef>
#include <cstdint>

/// Open files and connections come out of one purse, which the database must never find empty.
namespace genspool::daemon {

/// Lets this process open as many files as it ever may, and says how many that are.
std::uint64_t raise_descriptor_limit();

/// How many connections each of so many doors may have, of `wanted`, where the process may have so
/// many descriptors: enough of them stay with the database and the engine.
std::uint32_t connections_within(std::uint64_t descriptors, std::size_t doors,
                                 std::uint32_t wanted);

}  // namespace genspool::daemon
