#pragma once

#include <array>
#include <cstdint>
#include <string_view>

/// What can befall a job from outside, in the words of the coverage table.
namespace genspool::simulation {

enum class Fault : std::uint8_t {
    kill,          ///< the process died, the machine stayed up
    power_cut,     ///< the power went between two turns of the loop
    torn_write,    ///< the power went in the middle of a write, a sync or a rename
    commit_error,  ///< the database's disk gave an error, and the process ended itself
    stop,          ///< a clean stop and a start
    disk_full,     ///< the watermarks closed, or a write answered ENOSPC
    file_error,    ///< reads or writes of files answered another error
    network,       ///< a call of this job's did not arrive, or its reply did not
    upstream,      ///< a call of this job's was refused, or answered with something odd
    clock_ahead,   ///< the wall clock was set forward
    clock_back,    ///< the wall clock was set back
    pause,         ///< the queue or an account was paused or resumed
    config,        ///< the accounts were configured anew
    callback,      ///< the upstream called back for a task of this job's
    forgery,       ///< somebody else did, or said what is not so
};
inline constexpr std::size_t fault_count = 15;
inline constexpr std::array<std::string_view, fault_count> fault_names{
    "kill",     "power", "torn", "commit", "stop",   "full", "file",   "network",
    "upstream", "ahead", "back", "pause",  "config", "call", "forged",
};

/// A set of faults.
using FaultSet = std::uint32_t;

constexpr FaultSet set_of(Fault fault) {
    return FaultSet{1} << static_cast<unsigned>(fault);
}

}  // namespace genspool::simulation
