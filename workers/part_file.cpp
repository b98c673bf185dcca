#include "workers/part_file.hpp"

#include <utility>

#include "proto/media_signature.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

PartFile::PartFile(Files& files, std::string path, std::size_t gather_bytes)
    : files_(files), path_(std::move(path)), gather_bytes_(gather_bytes) {}

void PartFile::restart() {
    close();
    open_ = true;
    synced_ = false;
    digest_ = Sha256();
    bytes_ = 0;
    head_.clear();
}

void PartFile::close() {
    open_ = false;
    gathered_ = {};
    file_.reset();
}

asio::awaitable<std::error_code> PartFile::append(std::string bytes) {
    digest_.update(bytes);
    bytes_ += bytes.size();
    if (head_.size() < proto::signature_bytes) {
        head_ += bytes.substr(0, proto::signature_bytes - head_.size());
    }
    if (gathered_.empty()) {
        gathered_ = std::move(bytes);
    } else {
        gathered_ += bytes;
    }
    std::error_code error;
    if (gathered_.size() > gather_bytes_) error = co_await write_gathered();
    if (error) close();
    co_return error;
}

asio::awaitable<std::error_code> PartFile::create() {
    OpenedFile opened = co_await files_.create(path_);
    if (opened.error == std::errc::file_exists) {
        const std::error_code removed = co_await files_.remove(path_);
        if (removed) co_return removed;
        opened = co_await files_.create(path_);
    }
    file_ = std::move(opened.file);
    co_return opened.error;
}

asio::awaitable<std::error_code> PartFile::write_gathered() {
    if (!file_) {
        const std::error_code error = co_await create();
        if (error) co_return error;
    }
    std::string bytes = std::exchange(gathered_, {});
    co_return co_await file_->append(std::move(bytes));
}

asio::awaitable<std::error_code> PartFile::sync() {
    if (synced_) co_return std::error_code();
    if (!open_) co_return std::make_error_code(std::errc::bad_file_descriptor);
    std::error_code error;
    if (!file_) {
        error = co_await files_.store(path_, std::move(gathered_));
    } else {
        if (!gathered_.empty()) error = co_await write_gathered();
        if (!error) error = co_await file_->sync();
    }
    close();
    synced_ = !error;
    co_return error;
}

asio::awaitable<void> PartFile::remove() {
    close();
    co_await files_.remove(path_);
}

}  // namespace genspool::workers
