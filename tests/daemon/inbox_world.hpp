#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/admission.hpp"
#include "daemon/config.hpp"
#include "daemon/inbox.hpp"
#include "daemon/results.hpp"
#include "tests/support/inline_queue.hpp"
#include "tests/support/sim_clock.hpp"
#include "tests/support/temporary_directory.hpp"
#include "workers/blob_store.hpp"
#include "workers/file_pool.hpp"
#include "workers/local_files.hpp"
#include "workers/task_group.hpp"

namespace genspool::tests {

/// Passes everything on, until the power goes: then every call throws, and nothing happens any
/// more.
class CutQueue : public queue::Queue {
public:
    explicit CutQueue(queue::Queue& inner) : inner_(inner) {}

    /// So many commands are still taken; nullopt: all.
    void cut_after(std::optional<int> commands) { left_ = commands; }
    bool was_cut() const { return left_ == 0; }
    int commands() const { return commands_; }

    void execute(queue::Command command, queue::OnAnswer on_answer) override;
    void read(std::function<void(const queue::Reader&)> look) override;
    void on_commit(std::function<void(proto::EventSeq, bool)> listener) override;

private:
    queue::Queue& inner_;
    std::optional<int> left_;
    int commands_ = 0;
};

/// A state directory, a queue and a loop for the watch folder and the result files. Time begins at
/// the wall clock's, because files bear it, and passes only by advance(). What is left of queue and
/// result files is verified.
class InboxWorld {
public:
    explicit InboxWorld(std::optional<std::uint64_t> jobs_max = std::nullopt);
    ~InboxWorld();

    // The daemon's life: begins, and ends by a stop, or by a cut of the queue before the stop.
    void start_inbox();
    void start_results();
    void stop();
    bool running() const { return group_ != nullptr; }

    /// Runs until nobody has anything to do, the file pool included. Time stands still.
    void quiesce();
    /// Lets time pass, waking everybody on the way.
    void advance(proto::Duration span);

    // Files, by their path in the state directory.
    void write(const std::string& name, std::string_view bytes) const;
    void append(const std::string& name, std::string_view bytes) const;
    /// Under a hidden name first, then renamed in, as a careful producer does.
    void drop(const std::string& name, std::string_view bytes) const;
    void age(const std::string& name, proto::Duration by) const;
    std::string read(const std::string& name) const;
    std::vector<std::string> read_lines(const std::string& name) const;
    bool exists(const std::string& name) const;
    std::vector<std::string> names(const std::string& directory) const;

    // The queue.
    queue::Answer ask(queue::Command command) { return core.ask(std::move(command)); }
    std::vector<queue::BatchView> batches(bool unsealed);
    queue::BatchView only_batch();
    std::vector<queue::JobView> jobs(proto::BatchSeq batch);

    boost::asio::io_context io;
    SimClock clock;
    TemporaryDirectory state;
    InlineQueue core;
    CutQueue queue;
    daemon::InboxOptions inbox_options;
    daemon::ResultsOptions results_options;
    std::unique_ptr<daemon::Inbox> inbox;
    std::unique_ptr<daemon::ResultWriter> results;
    std::vector<std::string> errors;  ///< what tasks threw
    bool tampered = false;            ///< the case itself damages files: nothing is verified

private:
    std::size_t round();
    workers::TaskGroup& group();

    workers::FilePool pool_{1};
    workers::LocalFiles files_{pool_, state.path(), {}};
    workers::QueueLine line_{io.get_executor(), queue};
    workers::BlobStore blobs_{io.get_executor(), line_, clock, files_};
    daemon::Config config_;
    proto::Registry registry_;
    daemon::Admission admission_;
    std::unique_ptr<workers::TaskGroup> group_;
    std::size_t idle_ = 0;  ///< how many handlers a round runs when there is nothing to do
};

/// A line for inbox files: a video job with this custom_id.
std::string job_line(const std::string& custom_id);
/// So many of them, each with its newline: "job-1", "job-2", …
std::string job_lines(int count);

}  // namespace genspool::tests
