#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "daemon/results.hpp"
#include "daemon/state_directory.hpp"
#include "queue/rocksdb_queue.hpp"
#include "workers/engine.hpp"
#include "workers/file_pool.hpp"

namespace genspool::daemon {

struct BackupDone {
    queue::BackedUp queue;
    std::uint64_t bytes = 0;  ///< linked ones included
};

/// Makes backups of the state directory while the daemon works. What belongs to one: the database
/// as of one moment; the result files as of the same; paid replies that lie in the spool; the salt
/// of the keys' names; artifacts where wanted. Event-loop thread only; all it knows must outlive
/// it.
class Backup {
public:
    Backup(const queue::RocksQueue& queue, workers::Engine& engine, ResultWriter& results,
           workers::FilePool& pool, const StateDirectory& state, std::uint64_t disk_reserve_bytes)
        : queue_(queue),
          engine_(engine),
          results_(results),
          pool_(pool),
          state_(state),
          disk_reserve_bytes_(disk_reserve_bytes) {}

    /// Whether one is being made: one at a time.
    bool busy() const { return busy_; }

    /// What belongs to the daemon's own state holds no backup, but for backups/.
    bool is_own_place(const std::string& directory) const;

    /// Makes `directory`, an absolute path with nothing there yet. Throws std::system_error,
    /// queue::StoreFailed: nothing of it is left then. Cannot be cancelled.
    boost::asio::awaitable<BackupDone> make(std::string directory, bool artifacts);

private:
    struct Turn;

    BackupDone copy(const std::string& directory, bool artifacts) const;
    void check_room(const std::string& directory, bool artifacts) const;

    const queue::RocksQueue& queue_;
    workers::Engine& engine_;
    ResultWriter& results_;
    workers::FilePool& pool_;
    const StateDirectory& state_;
    std::uint64_t disk_reserve_bytes_;
    bool busy_ = false;
};

}  // namespace genspool::daemon
