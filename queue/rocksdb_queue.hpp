#pragma once

#include <functional>
#include <memory>
#include <string>

#include "queue/backup.hpp"
#include "queue/queue.hpp"

namespace genspool::queue {

/// The queue on RocksDB: one thread with a mailbox. Whatever has gathered there becomes one batch,
/// written with one sync. Safe from any thread.
class RocksQueue : public Queue {
public:
    /// Opens, and starts the thread. Throws FormatTooNew, StoreFailed. `on_fatal` is called on the
    /// queue's thread, once, when a write or sync failed: the process must end (exit 75); nothing
    /// is answered any more.
    static std::unique_ptr<RocksQueue> open(const std::string& directory, QueueOptions options,
                                            std::function<void(std::string why)> on_fatal);

    /// Works off what is in the mailbox, then ends the thread.
    ~RocksQueue() override;

    void execute(Command command, OnAnswer on_answer) override;
    void read(std::function<void(const Reader&)> look) override;
    void on_commit(std::function<void(proto::EventSeq last, bool work)> listener) override;

    /// Copies the database to `directory`, which must not exist, see queue::back_up(). Blocking;
    /// any thread but the queue's own, which goes on. Throws StoreFailed: no copy was made.
    BackedUp back_up(const std::string& directory) const;

    /// The queue's time when it was opened: the floor of every clock that works with it, should the
    /// wall clock have been set back since the last life.
    proto::Instant opened_at() const;

private:
    struct Impl;
    explicit RocksQueue(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace genspool::queue
