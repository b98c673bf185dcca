#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "daemon/admission.hpp"
#include "daemon/callbacks.hpp"
#include "daemon/commit_relay.hpp"
#include "daemon/config.hpp"
#include "daemon/hooks/courier.hpp"
#include "daemon/inbox.hpp"
#include "daemon/results.hpp"
#include "tests/simulation/mailbox.hpp"
#include "tests/support/posix_mount.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/support/sim_files.hpp"
#include "workers/blob_store.hpp"
#include "workers/engine.hpp"
#include "workers/file_pool.hpp"
#include "workers/queue_line.hpp"
#include "workers/task_group.hpp"

namespace genspool::simulation {

/// What outlives a process: the machine it runs on.
struct Machine {
    boost::asio::io_context& io;
    tests::SimClock& clock;
    std::shared_ptr<tests::ForgetfulDisk> disk;
    workers::Http& http;
    const proto::Registry& registry;
    std::string state_dir;  ///< a real directory that stays empty; see PosixMount
    /// The wall clock, which may have been set back behind what the process knows.
    std::function<proto::Instant()> wall;
    std::function<void(const std::string&)> log;
    Witness& witness;
    daemon::hooks::Hook& hook;  ///< who is told
};

/// One life of the daemon, put together as daemon/daemon.cpp does, without the listener.
class Process {
public:
    /// Opens the database, as a start does. Throws queue::StoreFailed where the disk fails.
    Process(Machine machine, const daemon::Config& config, std::uint64_t seed);
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Begins to work. `blamed`: the job that was on the CPU when the former life ended; 0: none.
    void start(proto::JobSeq blamed);
    /// The accounts from now on, without a restart: what is admitted is judged by the old ones
    /// until the next. `taken` is told when the queue has them.
    void configure(const daemon::Config& config, std::function<void(const daemon::Config&)> taken);

    /// Hands a file in, and tells what became of it, unless the process dies first.
    void hand_in(std::string bytes, std::string said,
                 std::function<void(const workers::BlobKept&)> answered);

    /// Somebody posts this to a callback's address, while it is not stopping: `answered` gets the
    /// reply, unless the process dies first.
    using OnReply = std::function<void(const daemon::Reply&)>;
    void call_back(std::string url, std::string body, OnReply answered);

    /// Asks everything to end: `ended` is true once nothing runs any more.
    void stop(proto::Duration patience, bool& ended);
    /// From now on nobody is answered and nothing reaches the network or the disk.
    void die() { mail_.die(); }
    bool dead() const { return mail_.dead(); }
    /// Its ports are closed.
    bool stopping() const { return stopping_; }

    Mailbox& mail() { return mail_; }
    tests::InlineQueue& queue() { return queue_; }
    const tests::InlineQueue& queue() const { return queue_; }
    tests::SimFiles& files() { return files_; }
    tests::PosixMount& folders() { return folders_; }
    const tests::PosixMount& folders() const { return folders_; }
    const daemon::Admission& admission() const { return admission_; }
    /// The last event that the result files know of.
    proto::EventSeq results_upto() const { return results_.cursor(); }
    /// A number that grows with every commit.
    std::uint64_t commits() const { return queue_.core().memory().commits; }

private:
    boost::asio::awaitable<void> take_in(std::string bytes, std::string said,
                                         std::function<void(const workers::BlobKept&)> answered);
    boost::asio::awaitable<void> listen(std::string url, std::string body, OnReply answered);
    boost::asio::awaitable<void> wind_up(proto::Duration patience);

    Machine machine_;
    tests::InlineQueue queue_;
    Mailbox mail_;
    tests::SimFiles files_;
    tests::PosixMount folders_;
    workers::FilePool pool_{0};
    workers::QueueLine line_;
    daemon::Callbacks callbacks_;
    workers::BlobStore blobs_;
    daemon::Admission admission_;
    workers::Engine engine_;
    daemon::ResultWriter results_;
    daemon::hooks::Courier courier_;
    daemon::Inbox inbox_;
    daemon::CommitRelay relay_;
    workers::TaskGroup tasks_;
    workers::TaskGroup chores_;
    bool stopping_ = false;
};

}  // namespace genspool::simulation
