#pragma once

#include <cstdint>
#include <string>

namespace genspool::bench {

/// What a load of single requests found. Latencies in microseconds.
struct LoadResult {
    double jobs_a_second = 0;
    double p50 = 0;
    double p99 = 0;
};

/// Hands in `jobs` jobs, one a request, over `clients` connections that are kept alive; each client
/// sends its next job when it has the answer to the last. One thread. Throws unless every job is
/// answered with 201.
LoadResult hand_in(const std::string& socket, std::size_t clients, std::uint64_t jobs);

}  // namespace genspool::bench
