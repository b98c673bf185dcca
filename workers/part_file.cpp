#include "workers/part_file.hpp"

#include <utility>

#include "queue/kill_point.hpp"
#include "workers/media_signature.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

PartFile::PartFile(Files& files, std::string path) : files_(files), path_(std::move(path)) {}

asio::awaitable<std::error_code> PartFile::restart() {
    file_.reset();
    digest_ = Sha256();
    bytes_ = 0;
    head_.clear();
    OpenedFile opened = co_await files_.create(path_);
    if (opened.error == std::errc::file_exists) {
        const std::error_code removed = co_await files_.remove(path_);
        if (removed) co_return removed;
        opened = co_await files_.create(path_);
    }
    file_ = std::move(opened.file);
    GENSPOOL_KILL_POINT("fetch.part_created");
    co_return opened.error;
}

asio::awaitable<std::error_code> PartFile::append(std::string bytes) {
    digest_.update(bytes);
    bytes_ += bytes.size();
    if (head_.size() < signature_bytes) {
        head_ += bytes.substr(0, signature_bytes - head_.size());
    }
    const std::error_code error = co_await file_->append(std::move(bytes));
    if (error) file_.reset();
    GENSPOOL_KILL_POINT("fetch.piece_written");
    co_return error;
}

asio::awaitable<std::error_code> PartFile::sync() {
    const std::error_code error = co_await file_->sync();
    file_.reset();
    co_return error;
}

asio::awaitable<void> PartFile::remove() {
    file_.reset();
    co_await files_.remove(path_);
}

}  // namespace genspool::workers
