#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "workers/files.hpp"
#include "workers/queue_line.hpp"

namespace genspool::workers {

/// Whether the part file of this job's artifact n may still become the artifact.
bool part_wanted(const proto::JobRecord& record, std::uint32_t n);

/// Takes away the part files of jobs that ended, by a cancel for instance, in the moment in which
/// the last process died. Those of jobs nobody knows of stay: an earlier state of the database may
/// have been put back. Event-loop thread only.
class PartSweep {
public:
    /// Both must outlive it.
    PartSweep(QueueLine& queue, Files& files) : queue_(queue), files_(files) {}

    /// Once, at the start: a living process removes its own.
    boost::asio::awaitable<void> run();

private:
    boost::asio::awaitable<void> judge(std::string path);

    QueueLine& queue_;
    Files& files_;
};

}  // namespace genspool::workers
