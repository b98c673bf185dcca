#include "workers/remote_download.hpp"

#include <utility>

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

/// Each side waits for the other, not for a moment.
constexpr proto::Instant woken_by_the_other{};

}  // namespace

RemoteDownload::RemoteDownload(asio::any_io_executor executor)
    : reader_(executor, [] {}), writer_(executor, [] {}) {
    end_.error = HttpError::cancelled;
    end_.error_text = "the daemon is stopping";
}

asio::awaitable<bool> RemoteDownload::begin(HttpHead head) {
    head_ = std::move(head);
    has_head_ = true;
    reader_.wake_earliest();
    co_return !closed_;
}

asio::awaitable<bool> RemoteDownload::write(std::string piece) {
    piece_ = std::move(piece);
    reader_.wake_earliest();
    bool waits = true;
    while (waits && !closed_ && !piece_.empty())
        waits = co_await writer_.sleep_until(woken_by_the_other);
    co_return waits && !closed_;
}

void RemoteDownload::ended(HttpReply reply) {
    end_ = std::move(reply);
    has_ended_ = true;
    reader_.wake_earliest();
}

asio::awaitable<bool> RemoteDownload::begun() {
    bool waits = true;
    while (waits && !has_head_ && !has_ended_)
        waits = co_await reader_.sleep_until(woken_by_the_other);
    co_return has_head_;
}

asio::awaitable<std::optional<std::string>> RemoteDownload::next() {
    bool waits = true;
    while (waits && piece_.empty() && !has_ended_)
        waits = co_await reader_.sleep_until(woken_by_the_other);
    std::optional<std::string> piece;
    if (!piece_.empty()) piece = std::exchange(piece_, {});
    writer_.wake_earliest();
    co_return piece;
}

void RemoteDownload::close() {
    closed_ = true;
    writer_.wake_earliest();
}

}  // namespace genspool::workers
