#pragma once

#include <sys/types.h>

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

#include "workers/file_pool.hpp"
#include "workers/local_descriptor.hpp"

namespace genspool::workers {

/// Syncs directories, one sync for many: who asks while one is under way may have come too late for
/// it, waits for the next, and shares that with everybody who asks until it begins. Event-loop
/// thread only; cannot be cancelled.
class DirectorySync {
public:
    explicit DirectorySync(FilePool& pool) : pool_(pool) {}
    DirectorySync(const DirectorySync&) = delete;
    DirectorySync& operator=(const DirectorySync&) = delete;

    /// fsyncs the open directory. What was done in it before the call is on disk afterwards.
    boost::asio::awaitable<std::error_code> sync(Descriptor directory);

private:
    struct Round;
    struct Queue {
        std::shared_ptr<Round> running;
        std::shared_ptr<Round> next;
    };
    /// Device and inode: two paths may lead to one directory.
    using Key = std::pair<dev_t, ino_t>;

    boost::asio::awaitable<std::error_code> share(Descriptor directory);
    boost::asio::awaitable<std::error_code> lead(Key key, std::shared_ptr<Round> round,
                                                 Descriptor directory);

    FilePool& pool_;
    std::map<Key, Queue> queues_;
};

}  // namespace genspool::workers
