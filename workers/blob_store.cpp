#include "workers/blob_store.hpp"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <utility>
#include <vector>

#include "proto/media_signature.hpp"
#include "queue/kill_point.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

constexpr proto::Duration hour{3'600'000};
constexpr std::string_view part_ending = ".part";

std::string directory_of(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

}  // namespace

std::string blob_path(std::string_view sha256) {
    return "blobs/" + std::string(sha256.substr(0, 2)) + "/" + std::string(sha256);
}

BlobStore::BlobStore(asio::any_io_executor executor, QueueLine& queue, Clock& clock, Files& files)
    : queue_(queue), clock_(clock), files_(files), turn_(std::move(executor), 1) {}

asio::awaitable<void> BlobStore::run() {
    bool goes_on = true;
    while (goes_on) {
        try {
            co_await sweep();
        } catch (const std::system_error&) {
            // The directory cannot be read now; the next time it may.
        }
        goes_on = co_await clock_.sleep_until(clock_.now() + hour);
    }
}

asio::awaitable<void> BlobStore::sweep() {
    const std::vector<std::string> paths = co_await files_.find("blobs", "");
    for (const std::string& path : paths) {
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) co_return;
        co_await judge(path);
    }
}

asio::awaitable<void> BlobStore::judge(std::string path) {
    if (parts_.contains(path)) co_return;
    const Room::Share turn = co_await turn_.take(1);
    if (!turn.taken()) co_return;
    const bool known = co_await queue_.has_blob(path.substr(path.rfind('/') + 1));
    if (known) co_return;
    // The database that is put in the place of this one may know it.
    const bool set_back = co_await queue_.was_set_back();
    if (set_back) co_return;
    co_await files_.remove(path);
    GENSPOOL_KILL_POINT("blob.swept");
}

BlobArrival::~BlobArrival() {
    store_.parts_.erase(part_);  // whatever is left of it is the next sweep's
}

BlobArrival::BlobArrival(BlobStore& store) : store_(store) {
    // The moment keeps it apart from what former lives have left.
    const auto now = store_.clock_.now().time_since_epoch().count();
    part_ = "blobs/." + std::to_string(now) + "-" + std::to_string(++store_.next_part_);
    part_ += part_ending;
}

asio::awaitable<std::error_code> BlobArrival::append(std::string bytes) {
    if (!file_ && !error_) {
        store_.parts_.insert(part_);
        OpenedFile opened = co_await store_.files_.create(part_);
        error_ = opened.error;
        file_ = std::move(opened.file);
        GENSPOOL_KILL_POINT("blob.begun");
    }
    if (error_) co_return error_;
    digest_.update(bytes);
    head_.append(bytes, 0, proto::signature_bytes - std::min(head_.size(), proto::signature_bytes));
    bytes_ += bytes.size();
    error_ = co_await file_->append(std::move(bytes));
    co_return error_;
}

asio::awaitable<BlobKept> BlobArrival::keep(std::string media_type) {
    BlobKept kept;
    kept.sha256 = digest_.hex();
    kept.media_type = proto::judge_type(media_type, head_);
    kept.said = kept.media_type != proto::judge_type({}, head_);
    kept.bytes = bytes_;
    std::string nothing;  // of an empty file nothing has come
    kept.error = co_await append(std::move(nothing));
    if (!kept.error) kept.error = co_await file_->sync();
    file_.reset();
    GENSPOOL_KILL_POINT("blob.synced");
    if (!kept.error) co_await settle(kept);
    co_await drop();
    co_return kept;
}

/// Named and known to the queue, in one turn.
asio::awaitable<void> BlobArrival::settle(BlobKept& kept) {
    const Room::Share turn = co_await store_.turn_.take(1);
    if (!turn.taken()) {
        kept.error = std::make_error_code(std::errc::operation_canceled);
        co_return;
    }
    std::string path = blob_path(kept.sha256);
    kept.error = co_await name_it(std::move(path));
    if (kept.error) co_return;
    GENSPOOL_KILL_POINT("blob.named");
    queue::KeepBlob keep{kept.sha256, kept.media_type, kept.said, kept.bytes};
    queue::Command command = std::move(keep);
    kept.answer = co_await store_.queue_.ask(std::move(command));
    GENSPOOL_KILL_POINT("blob.kept");
}

/// Its part gets this name, for good. Another file that has it already is the same one, unless the
/// disk has damaged it.
asio::awaitable<std::error_code> BlobArrival::name_it(std::string path) {
    std::error_code error = co_await store_.files_.rename(part_, path);
    if (error != std::errc::file_exists) co_return error;
    const FileDigest there = co_await store_.files_.digest(path);
    // Whoever named it may have died before its directory was synced.
    if (there.error) co_return there.error;
    if (there.sha256 == digest_.hex())
        co_return co_await store_.files_.sync_directory(directory_of(path));
    error = co_await store_.files_.remove(path);
    if (!error) error = co_await store_.files_.rename(part_, path);
    co_return error;
}

asio::awaitable<void> BlobArrival::drop() {
    file_.reset();
    co_await store_.files_.remove(part_);
    store_.parts_.erase(part_);
}

}  // namespace genspool::workers
