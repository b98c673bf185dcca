#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "proto/codec.hpp"
#include "queue/queue.hpp"
#include "workers/account_watch.hpp"
#include "workers/accounts.hpp"
#include "workers/clock.hpp"
#include "workers/disk_watch.hpp"
#include "workers/dispatcher.hpp"
#include "workers/engine_options.hpp"
#include "workers/files.hpp"
#include "workers/http.hpp"
#include "workers/list_polls.hpp"
#include "workers/part_sweep.hpp"
#include "workers/queue_line.hpp"
#include "workers/spool_sweep.hpp"
#include "workers/task_group.hpp"
#include "workers/tools.hpp"

namespace genspool::workers {

/// What an engine is made from. What is referred to must outlive it.
struct EngineParts {
    queue::Queue& queue;
    Http& http;
    Clock& clock;
    Files& files;  ///< of the state directory: spool/ and artifacts/ lie beneath it
    const proto::Registry& registry;
    EngineOptions options;
    std::uint64_t seed = 0;  ///< of what is scattered by chance: poll times, pauses
    /// Where the job being worked on is noted, see OnCpu; may be null.
    std::atomic<std::uint64_t>* on_cpu = nullptr;
    /// Takes one line of key=value fields for each thing that went wrong here.
    std::function<void(const std::string& line)> log;
};

/// Moves jobs: takes due steps from the queue, does each in a coroutine through the op's codec, and
/// tells the queue what came of it. Decides nothing itself. Event-loop thread only. Drain it before
/// it is destroyed.
class Engine {
public:
    Engine(boost::asio::any_io_executor executor, EngineParts parts);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    /// Begins to work. Once. Returns at once; nothing is claimed before the first look at the disk
    /// has told the queue how much room there is, or has failed.
    void start();

    /// The accounts from now on. Calls under way keep the old ones.
    void set_accounts(std::shared_ptr<const Accounts> accounts);

    /// While true no paid reply leaves the spool: a copy of the database that is being made may
    /// tell of one that has come home since.
    void keep_spool(bool keep) {
        tools_.keep_spool = keep;
        sweep_.keep_all(keep);
    }

    /// There may be work: to be called, posted to the event loop, for every Queue::on_commit() that
    /// says so.
    void wake() { dispatcher_.wake(); }

    /// Takes no new work, lets paid requests on the wire finish, for so long at most, and ends
    /// everything else. When it returns nothing of the engine runs any more.
    boost::asio::awaitable<void> drain(proto::Duration patience);

    /// Ends a drain's patience: paid requests on the wire are cut, and nobody will know of them.
    void cut_short() { paid_.cancel_all(); }

    /// Steps under way.
    std::size_t busy() const { return dispatcher_.busy(); }
    /// Paid calls, and what is bound to them, under way.
    std::size_t busy_paid() const { return paid_.size(); }

private:
    boost::asio::awaitable<void> dispatch();
    void begin(queue::Work work);
    boost::asio::awaitable<void> work(queue::Work given);
    boost::asio::awaitable<void> cut_at(proto::Instant due);

    Clock& clock_;
    EngineOptions options_;
    QueueLine queue_;
    DiskWatch disk_;
    Room room_;
    ListPolls list_polls_;
    SpoolSweep sweep_;
    PartSweep parts_;
    Tools tools_;
    AccountWatch watch_;
    Dispatcher dispatcher_;
    TaskGroup claims_;  ///< the dispatcher's loop
    TaskGroup paid_;    ///< steps that a stop waits for
    TaskGroup others_;  ///< what a stop may cut: polls, fetches, the watches
    TaskGroup limits_;  ///< the end of a drain's patience
    bool started_ = false;
};

}  // namespace genspool::workers
