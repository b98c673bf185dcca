#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "daemon/reply.hpp"
#include "queue/queue.hpp"

namespace genspool::daemon {

/// A batch's results as they stand, one line for each job that has ended and each refused line, in
/// the form of the files in results/. `errors_only`: only refused lines, and jobs that did not
/// succeed. Event-loop thread.
class BatchLines : public PieceSource {
public:
    BatchLines(queue::Queue& queue, proto::BatchSeq batch, bool errors_only);

    boost::asio::awaitable<std::optional<std::string>> next() override;

private:
    void read_refused(const queue::Reader& reader, std::string& out);
    void read_jobs(const queue::Reader& reader, std::string& out);
    void append(const queue::Reader& reader, proto::JobSeq job, std::string& out) const;

    queue::Queue& queue_;
    proto::BatchSeq batch_;
    bool errors_only_;
    std::uint64_t refused_after_ = 0;
    bool refused_done_;
    proto::JobSeq jobs_after_;
    bool done_ = false;
};

}  // namespace genspool::daemon
