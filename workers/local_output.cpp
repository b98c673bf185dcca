#include "workers/local_output.hpp"

#include <cerrno>

#include "queue/kill_point.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

LocalOutput::LocalOutput(FilePool& pool, Descriptor file, std::uint64_t bytes,
                         std::shared_ptr<SpaceQuota> quota)
    : pool_(pool), file_(std::move(file)), size_(bytes), quota_(std::move(quota)) {}

asio::awaitable<std::error_code> LocalOutput::append(std::string bytes) {
    auto work = [this, &bytes] { return append_now(bytes); };
    const std::error_code error = co_await on_pool(pool_, work);
    co_return error;
}

asio::awaitable<std::error_code> LocalOutput::sync() {
    auto work = [this] { return sync_now(); };
    const std::error_code error = co_await on_pool(pool_, work);
    co_return error;
}

std::error_code LocalOutput::append_now(std::string_view bytes) {
    const std::uint64_t granted = quota_ ? quota_->take(bytes.size()) : bytes.size();
    std::string_view rest = bytes.substr(0, granted);
    while (!rest.empty()) {
        const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return file_error(errno);
        }
        rest.remove_prefix(static_cast<std::size_t>(written));
        size_ += static_cast<std::uint64_t>(written);
    }
    GENSPOOL_KILL_POINT("files.appended");
    return granted < bytes.size() ? file_error(ENOSPC) : std::error_code();
}

std::error_code LocalOutput::sync_now() {
    if (!sync_failed_ && ::fdatasync(file_.get()) != 0) sync_failed_ = file_error(errno);
    return sync_failed_;
}

}  // namespace genspool::workers
