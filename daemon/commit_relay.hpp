#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <functional>

#include "proto/ids.hpp"

namespace genspool::daemon {

/// Brings the queue's word of its commits over to the event loop; what gathers meanwhile arrives as
/// one. committed() on any thread, the rest on the event loop. Must outlive the loop's last turn.
class CommitRelay {
public:
    /// `deliver` gets the last event, and whether any of the commits left work to be claimed.
    using Deliver = std::function<void(proto::EventSeq last, bool work)>;

    CommitRelay(boost::asio::any_io_executor executor, Deliver deliver);
    CommitRelay(const CommitRelay&) = delete;
    CommitRelay& operator=(const CommitRelay&) = delete;

    void committed(proto::EventSeq last, bool work);

private:
    void arrive();

    boost::asio::any_io_executor executor_;
    Deliver deliver_;
    std::atomic<std::uint64_t> last_ = 0;
    std::atomic<bool> work_ = false;
    std::atomic<bool> posted_ = false;
};

}  // namespace genspool::daemon
