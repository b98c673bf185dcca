#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "workers/clock.hpp"
#include "workers/files.hpp"
#include "workers/queue_line.hpp"

namespace genspool::workers {

/// Whether a spooled reply of this send may still be wanted: it has not been judged yet, holds an
/// artifact that is not home, or is all that is known of money that may be spent; or the job has
/// not come to that send, as the database was put back to an earlier state.
bool spool_wanted(const proto::JobRecord& record, proto::Send send);

/// Takes away spooled replies that nobody will ask for any more: their job is gone, or a crash came
/// between the job's end and the file's. At the start, and once a day. Event-loop thread only.
class SpoolSweep {
public:
    /// All must outlive it.
    SpoolSweep(QueueLine& queue, Clock& clock, Files& files);

    /// Until it is cancelled.
    boost::asio::awaitable<void> run();
    /// While true nothing is taken away.
    void keep_all(bool keep) { keeps_all_ = keep; }

private:
    boost::asio::awaitable<void> sweep();
    boost::asio::awaitable<void> judge(std::string name);

    QueueLine& queue_;
    Clock& clock_;
    Files& files_;
    bool keeps_all_ = false;
};

}  // namespace genspool::workers
