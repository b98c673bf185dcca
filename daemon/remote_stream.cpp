#include "daemon/remote_stream.hpp"

#include <stdexcept>
#include <utility>

namespace genspool::daemon {

namespace asio = boost::asio;

RemoteStream::RemoteStream(std::shared_ptr<workers::RemoteDownload> download)
    : download_(std::move(download)) {}

RemoteStream::~RemoteStream() {
    download_->close();
}

asio::awaitable<bool> RemoteStream::gather(std::size_t bytes_max) {
    while (gathered_.size() <= bytes_max) {
        const std::optional<std::string> piece = co_await download_->next();
        if (!piece) co_return true;
        gathered_ += *piece;
    }
    co_return false;
}

asio::awaitable<std::optional<std::string>> RemoteStream::next() {
    std::optional<std::string> piece;
    if (!gathered_.empty()) {
        piece = std::exchange(gathered_, {});
        co_return piece;
    }
    piece = co_await download_->next();
    const workers::HttpReply& end = download_->end();
    // Success is promised already; closing the connection early is the only way to take it back.
    if (!piece && end.progress != workers::HttpProgress::complete)
        throw std::runtime_error("a file of the upstream broke off: " + end.error_text);
    co_return piece;
}

}  // namespace genspool::daemon
