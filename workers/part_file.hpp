#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "workers/digest.hpp"
#include "workers/files.hpp"

namespace genspool::workers {

/// An artifact's bytes while they arrive, hashed on their way to the disk. It knows only what it
/// wrote itself: after a start a part file begins anew. Event-loop thread only.
class PartFile {
public:
    /// `path` beneath the root of `files`, which must outlive it.
    PartFile(Files& files, std::string path);

    /// Begins with an empty file, whatever was there.
    boost::asio::awaitable<std::error_code> restart();
    /// After an error the file is of no more use until restart().
    boost::asio::awaitable<std::error_code> append(std::string bytes);
    boost::asio::awaitable<std::error_code> sync();
    boost::asio::awaitable<void> remove();

    bool open() const { return file_ != nullptr; }
    const std::string& path() const { return path_; }
    std::uint64_t bytes() const { return bytes_; }
    std::string sha256() const { return digest_.hex(); }
    /// The first bytes, as many as a media signature needs.
    std::string_view head() const { return head_; }

private:
    Files& files_;
    std::string path_;
    std::unique_ptr<OutputFile> file_;
    Sha256 digest_;
    std::uint64_t bytes_ = 0;
    std::string head_;
};

}  // namespace genspool::workers
