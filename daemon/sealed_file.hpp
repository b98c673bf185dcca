#pragma once

#include <functional>
#include <string>

#include "daemon/inbox_folders.hpp"
#include "proto/ids.hpp"

namespace genspool::daemon {

/// A file all of whose jobs are in a sealed batch, and that still lies in the watch folder: it is
/// only to be moved.
struct SealedFile {
    proto::BatchSeq batch;
    std::string name;          ///< in the watch folder, when it was imported
    FileIdentity identity;     ///< when it was sealed, or found again
    std::string content_hash;  ///< when it was sealed
};

/// Whether the file that has this name and identity now is that one: perhaps renamed, touched or
/// written to since, or copied back. A file system gives the inode of a file that was taken away to
/// the next one, whose jobs nobody has seen: its number alone says nothing. `hash` reads the file
/// and tells its SHA-256; it is asked only where nothing else can tell.
bool is_sealed_file(const SealedFile& sealed, const std::string& name, const FileIdentity& identity,
                    const std::function<std::string()>& hash);

}  // namespace genspool::daemon
