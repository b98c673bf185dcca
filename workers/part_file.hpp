#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "workers/digest.hpp"
#include "workers/files.hpp"

namespace genspool::workers {

/// An artifact's bytes while they arrive, hashed on their way to the disk. A small artifact is
/// gathered and goes there in one visit, at sync(); a long one is on its way earlier. It knows only
/// what it wrote itself: after a start a part file begins anew. Event-loop thread only.
class PartFile {
public:
    /// `path` beneath the root of `files`, which must outlive it. No more than `gather_bytes`, and
    /// the piece that goes beyond them, are held in memory.
    PartFile(Files& files, std::string path, std::size_t gather_bytes);

    /// Begins with nothing, whatever was there.
    void restart();
    /// After an error it is of no more use until restart().
    boost::asio::awaitable<std::error_code> append(std::string bytes);
    /// All of it is on the disk for good, though not yet its name. Nothing can be appended after;
    /// once more, it does nothing. EBADF without anything to sync.
    boost::asio::awaitable<std::error_code> sync();
    boost::asio::awaitable<void> remove();

    /// Between restart() and sync(), an error or remove().
    bool open() const { return open_; }
    const std::string& path() const { return path_; }
    std::uint64_t bytes() const { return bytes_; }
    std::string sha256() const { return digest_.hex(); }
    /// The first bytes, as many as a media signature needs.
    std::string_view head() const { return head_; }

private:
    boost::asio::awaitable<std::error_code> create();
    boost::asio::awaitable<std::error_code> write_gathered();
    void close();

    Files& files_;
    std::string path_;
    std::size_t gather_bytes_;
    bool open_ = false;
    bool synced_ = false;
    std::string gathered_;              ///< not yet on the disk
    std::unique_ptr<OutputFile> file_;  ///< null: as long as all of it is gathered
    Sha256 digest_;
    std::uint64_t bytes_ = 0;
    std::string head_;
};

}  // namespace genspool::workers
