#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/bell.hpp"
#include "daemon/results_folder.hpp"
#include "daemon/results_group.hpp"
#include "queue/queue.hpp"
#include "workers/clock.hpp"
#include "workers/file_pool.hpp"
#include "workers/task_group.hpp"

namespace genspool::daemon {

struct ResultsOptions {
    std::string dir;            ///< results/ in the state directory
    std::string artifact_root;  ///< for the paths of artifacts; empty: names only
    /// How long it gathers after it was woken: a sync is worth more than one line.
    proto::Duration gather{50};
    proto::Duration retry{5'000};  ///< after the disk refused
    ResultsLimits limits;
};

/// Writes the batches' result files: a reader of the event log with the stored cursor "results".
/// Lines are written and fsynced first; then the cursor and the files' lengths are committed
/// together, and what is beyond those lengths after a crash is cut off. Event-loop thread only.
/// What it is built from must outlive it, and it the group it was started in.
class ResultWriter {
public:
    /// Makes the directory; throws std::system_error if that fails.
    ResultWriter(boost::asio::any_io_executor executor, queue::Queue& queue, workers::Clock& clock,
                 workers::FilePool& pool, ResultsOptions options);

    void start(workers::TaskGroup& group);

    /// There are events up to `last`. Cheap; called after each commit.
    void on_events(proto::EventSeq last);

    /// Returns when nothing runs any more. What is not written yet is at the next start. Tolerates
    /// never-started and double stop.
    boost::asio::awaitable<void> stop();

    /// Returns when no file is being written and none will be until go_on(): then the files are
    /// what the database says of them.
    boost::asio::awaitable<void> rest();
    void go_on();

    /// The last event whose lines are committed.
    proto::EventSeq cursor() const { return cursor_; }

private:
    /// A batch whose files are not done.
    struct Files {
        std::string name;
        ResultsNote note;
    };
    /// What a group does to one batch's files.
    struct Change {
        Files files;
        ResultLines lines;
        bool noted = false;    ///< its note changes
        bool refused = false;  ///< begins: its refused lines are to be written
    };
    using Changes = std::map<proto::BatchSeq, Change>;

    boost::asio::awaitable<void> work();
    boost::asio::awaitable<void> recover();
    boost::asio::awaitable<void> restore(queue::BatchView batch);
    boost::asio::awaitable<bool> step();
    boost::asio::awaitable<ResultsGroup> read_group();
    Changes plan(const ResultsGroup& group) const;
    boost::asio::awaitable<void> write_refused(proto::BatchSeq batch, Change& change);
    boost::asio::awaitable<void> write(Changes& changes);
    boost::asio::awaitable<void> commit(proto::EventSeq upto, Changes& changes);
    boost::asio::awaitable<void> finish(queue::BatchView batch);
    boost::asio::awaitable<void> let_go(proto::BatchSeq batch);
    boost::asio::awaitable<void> note(proto::BatchSeq batch, ResultsNote note);
    boost::asio::awaitable<void> take_note(queue::NoteBatch note);

    queue::Queue& queue_;
    workers::Clock& clock_;
    workers::FilePool& pool_;
    ResultsOptions options_;
    ResultsFolder folder_;
    Bell bell_;
    boost::asio::steady_timer ended_;  ///< never expires; cancelled when the task ends or rests
    std::map<proto::BatchSeq, Files> open_;
    std::set<proto::BatchSeq> ending_;  ///< all jobs have ended; to be finished at the log's end
    proto::EventSeq cursor_;            ///< worked on up to here
    proto::EventSeq committed_;         ///< the same, as it is stored
    proto::EventSeq last_;              ///< the last event heard of
    bool recovered_ = false;
    bool stop_ = false;
    bool running_ = false;
    bool resting_ = false;  ///< it is to rest
    bool rests_ = false;    ///< it does
};

}  // namespace genspool::daemon
