#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "queue/rocksdb_store.hpp"
#include "workers/state_files.hpp"

namespace genspool::workers {

/// What a check of artifacts and spool found.
struct FilesVerdict {
    std::vector<std::string> broken;     ///< one sentence for each broken promise
    std::vector<std::string> leftovers;  ///< files that nobody will ask for; they only take room
    bool artifacts_here = true;          ///< false: no artifacts/, so none was looked at
    std::uint64_t artifacts = 0;         ///< at home
    std::uint64_t artifact_bytes = 0;
    std::uint64_t spooled = 0;  ///< replies that are still wanted
    std::uint64_t blobs = 0;    ///< files that were handed in
};

/// Holds the files in artifacts/, spool/ and blobs/ against the rows: each artifact, and each file
/// that was handed in, lies under its name with its length and, if `hash`, its SHA-256; each paid
/// reply that is still to be read is whole.
/// A backup may come without artifacts/: then they are counted, not looked at.
/// Records that cannot be read are passed over: queue::verify() names them.
FilesVerdict verify_files(const queue::Store& store, const StateFiles& files, bool hash);

}  // namespace genspool::workers
