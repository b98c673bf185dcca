#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "daemon/reply.hpp"
#include "workers/remote_download.hpp"

namespace genspool::daemon {

/// A file at an upstream as a body, at the client's speed. Closes the download when it goes. One
/// that breaks off ends the body early, which the client sees. Event-loop thread.
class RemoteStream : public PieceSource {
public:
    explicit RemoteStream(std::shared_ptr<workers::RemoteDownload> download);
    ~RemoteStream() override;
    RemoteStream(const RemoteStream&) = delete;
    RemoteStream& operator=(const RemoteStream&) = delete;

    /// Reads ahead: true if that was all, false if there is more than so much.
    boost::asio::awaitable<bool> gather(std::size_t bytes_max);
    /// What was read ahead.
    const std::string& gathered() const { return gathered_; }

    boost::asio::awaitable<std::optional<std::string>> next() override;

private:
    std::shared_ptr<workers::RemoteDownload> download_;
    std::string gathered_;
};

}  // namespace genspool::daemon
