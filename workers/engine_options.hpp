#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "proto/time.hpp"

namespace genspool::workers {

/// What the engine is told once.
struct EngineOptions {
    // Steps at work at once, by kind. Jobs in flight are not bounded by these.
    std::uint32_t submit_workers_max = 256;
    std::uint32_t poll_workers_max = 64;
    std::uint32_t fetch_workers_max = 40;
    std::uint32_t recover_workers_max = 16;

    std::uint64_t disk_reserve_bytes =
        2'000'000'000;                 ///< [disk] reserve; 0: the disk is not watched
    proto::Duration disk_look{2'000};  ///< from one look at the free space to the next
    std::uint64_t artifact_bytes_max = 16'000'000'000;  ///< a longer download is given up
    std::size_t part_gather_bytes = 64U << 10U;  ///< of a download, held before they are written
    /// Of files inside requests, all those under way together; a larger one goes alone. They are in
    /// memory as base64, those of the one that is just being filled twice.
    std::uint64_t input_bytes_max = 64U << 20U;
    std::string output = "{id}{-n}{ext}";  ///< names of artifacts whose job names no template
    bool public_download_hosts_only = true;
};

}  // namespace genspool::workers
