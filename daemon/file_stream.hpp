#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/reply.hpp"
#include "workers/file_pool.hpp"
#include "workers/local_descriptor.hpp"

namespace genspool::daemon {

/// A part of a file as a body, read piece by piece on the pool. A file that turns out shorter ends
/// the body early, which the client sees by its length. Event-loop thread.
class FileStream : public PieceSource {
public:
    FileStream(workers::FilePool& pool, workers::Descriptor file, std::uint64_t from,
               std::uint64_t bytes);

    boost::asio::awaitable<std::optional<std::string>> next() override;

private:
    std::string read_piece(std::size_t bytes) const;

    workers::FilePool& pool_;
    workers::Descriptor file_;
    std::uint64_t at_;
    std::uint64_t left_;
};

}  // namespace genspool::daemon
