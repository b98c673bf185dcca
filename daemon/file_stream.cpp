#include "daemon/file_stream.hpp"

#include <unistd.h>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

constexpr std::uint64_t piece_bytes = 256U << 10U;

}  // namespace

FileStream::FileStream(workers::FilePool& pool, workers::Descriptor file, std::uint64_t from,
                       std::uint64_t bytes)
    : pool_(pool), file_(std::move(file)), at_(from), left_(bytes) {}

std::string FileStream::read_piece(std::size_t bytes) const {
    std::string piece(bytes, '\0');
    const ssize_t got = ::pread(file_.get(), piece.data(), bytes, static_cast<off_t>(at_));
    piece.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return piece;
}

asio::awaitable<std::optional<std::string>> FileStream::next() {
    std::optional<std::string> piece;
    if (left_ == 0) co_return piece;
    const auto wanted = static_cast<std::size_t>(std::min(left_, piece_bytes));
    std::function<std::string()> read = [this, wanted] { return read_piece(wanted); };
    std::string bytes = co_await workers::on_pool(pool_, std::move(read));
    // The length is promised already; closing the connection early is the only way to take it back.
    if (bytes.empty()) throw std::runtime_error("a file is shorter than it was, or unreadable");
    at_ += bytes.size();
    left_ -= bytes.size();
    piece = std::move(bytes);
    co_return piece;
}

}  // namespace genspool::daemon
