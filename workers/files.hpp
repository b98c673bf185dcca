#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "workers/archive.hpp"

namespace genspool::workers {

/// A file being written. Event-loop thread only; one call at a time. Closed by its destructor,
/// which never syncs.
class OutputFile {
public:
    virtual ~OutputFile() = default;

    virtual boost::asio::awaitable<std::error_code> append(std::string bytes) = 0;
    virtual boost::asio::awaitable<std::error_code> sync() = 0;  ///< fsync of the file's data
    virtual std::uint64_t size() const = 0;                      ///< bytes
};

struct FileBytes {
    std::error_code error;
    std::string bytes;
    std::string sha256{};  ///< of read_hashed(): of these bytes, in lower-case hex
};

struct OpenedFile {
    std::error_code error;
    std::unique_ptr<OutputFile> file;
};

/// What a file holds: its length and the SHA-256 of its bytes in lower-case hex.
struct FileDigest {
    std::error_code error;
    std::uint64_t bytes = 0;
    std::string sha256;
};

/// The seam for the file system, of one root directory. Paths are relative to the root, and stay
/// beneath it whatever they hold (RESOLVE_BENEATH, or a check of every component where the kernel
/// refuses that call): an escape answers EXDEV. Work happens on a small pool of threads, results
/// come back on the event loop. Missing directories are made by create(), store() and rename().
class Files {
public:
    virtual ~Files() = default;

    /// A new file; EEXIST if there is one.
    virtual boost::asio::awaitable<OpenedFile> create(std::string path) = 0;
    /// A new file of these bytes, synced, in the place of whatever had the name: all in one visit
    /// to the disk. After an error any part of it may be there.
    virtual boost::asio::awaitable<std::error_code> store(std::string path, std::string bytes) = 0;
    /// fsyncs a file that is there, whoever wrote it; ENOENT if it is not.
    virtual boost::asio::awaitable<std::error_code> sync(std::string path) = 0;
    /// Takes one file out of the archive `from` (as unpack() chooses it) and stores it as store()
    /// does.
    virtual boost::asio::awaitable<Unpacked> unpack(std::string from, std::string member,
                                                    std::uint64_t bytes_max, std::string to) = 0;
    virtual boost::asio::awaitable<FileBytes> read(std::string path, std::uint64_t bytes_max) = 0;
    /// The same with its SHA-256.
    virtual boost::asio::awaitable<FileBytes> read_hashed(std::string path,
                                                          std::uint64_t bytes_max) = 0;
    /// The first `count` bytes, or fewer if the file is shorter.
    virtual boost::asio::awaitable<FileBytes> read_head(std::string path, std::size_t count) = 0;
    virtual boost::asio::awaitable<FileDigest> digest(std::string path) = 0;
    /// Renames without replacing: EEXIST if `to` is taken. Then fsyncs the directory of `to`.
    virtual boost::asio::awaitable<std::error_code> rename(std::string from, std::string to) = 0;
    /// Removes a file; a missing one is no error.
    virtual boost::asio::awaitable<std::error_code> remove(std::string path) = 0;
    virtual boost::asio::awaitable<std::error_code> sync_directory(std::string path) = 0;
    /// Names in a directory, sorted; a missing directory is empty.
    virtual boost::asio::awaitable<std::vector<std::string>> list(std::string path) = 0;
    /// The paths of the files beneath a directory, at any depth, whose name ends so; sorted.
    virtual boost::asio::awaitable<std::vector<std::string>> find(std::string path,
                                                                  std::string ending) = 0;
    /// Free bytes for us on the root's file system; nullopt if it cannot be asked.
    virtual boost::asio::awaitable<std::optional<std::uint64_t>> space_left() = 0;
};

}  // namespace genspool::workers
