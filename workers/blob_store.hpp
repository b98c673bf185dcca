#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

#include "queue/commands.hpp"
#include "workers/clock.hpp"
#include "workers/digest.hpp"
#include "workers/files.hpp"
#include "workers/queue_line.hpp"
#include "workers/room.hpp"

namespace genspool::workers {

/// Where the file with this SHA-256 lies: "blobs/ab/abcd…".
std::string blob_path(std::string_view sha256);

/// Files that were handed in for requests, known by their SHA-256. A file is made whole and synced
/// under its name before the queue is told of it, and goes after the queue has forgotten it; so
/// whoever dies in between leaves at most a file too many, which the next sweep takes. Event-loop
/// thread only; must outlive its arrivals.
class BlobStore {
public:
    BlobStore(boost::asio::any_io_executor executor, QueueLine& queue, Clock& clock, Files& files);

    /// Takes away what the queue does not know: at the start, and every hour. Ends when cancelled.
    boost::asio::awaitable<void> run();

private:
    friend class BlobArrival;

    boost::asio::awaitable<void> sweep();
    boost::asio::awaitable<void> judge(std::string path);

    QueueLine& queue_;
    Clock& clock_;
    Files& files_;
    Room turn_;  ///< of one byte: names are given, and files taken away, one at a time
    std::set<std::string> parts_;  ///< on their way in
    std::uint64_t next_part_ = 0;
};

/// What has become of a file that was handed in.
struct BlobKept {
    std::error_code error;  ///< of the disk; then nothing was kept
    queue::Answer answer;   ///< the queue's; nothing was kept unless it is ok
    std::string sha256;
    std::string media_type;
    bool said = false;  ///< the sender's word decided on it
    std::uint64_t bytes = 0;

    BlobKept() = default;
};

/// One file on its way in. Whoever has begun one ends it with keep() or drop().
class BlobArrival {
public:
    explicit BlobArrival(BlobStore& store);
    ~BlobArrival();
    BlobArrival(const BlobArrival&) = delete;
    BlobArrival& operator=(const BlobArrival&) = delete;

    /// After an error nothing more is taken, and keep() answers with it.
    boost::asio::awaitable<std::error_code> append(std::string bytes);

    /// Everything has come. `media_type` is what the sender says; the first bytes count for more.
    boost::asio::awaitable<BlobKept> keep(std::string media_type);
    boost::asio::awaitable<void> drop();

private:
    boost::asio::awaitable<void> settle(BlobKept& kept);
    boost::asio::awaitable<std::error_code> name_it(std::string path);

    BlobStore& store_;
    std::string part_;
    std::unique_ptr<OutputFile> file_;
    std::error_code error_;
    Sha256 digest_;
    std::string head_;
    std::uint64_t bytes_ = 0;
};

}  // namespace genspool::workers
