#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "proto/time.hpp"

namespace genspool::workers {

class HttpStream;

/// Bounds the phases of one call: when the time of a phase is over, the watched stream is closed,
/// so that what waits for it ends, and expired() holds from then on. Beginning a phase costs no
/// timer operation as long as the end only moves back. Steady clock; event-loop thread only.
class HttpDeadline {
public:
    /// `total` bounds all phases together; 0: no such bound.
    HttpDeadline(boost::asio::any_io_executor executor, proto::Duration total);
    ~HttpDeadline();
    HttpDeadline(const HttpDeadline&) = delete;
    HttpDeadline& operator=(const HttpDeadline&) = delete;

    /// The stream to close; null for none. A stream that is gone already is no matter.
    void watch(const std::shared_ptr<HttpStream>& stream);

    /// A phase begins that may take `span`.
    void phase(proto::Duration span);

    /// Nothing but the total runs from now on, until the next phase.
    void rest();

    /// Time left in this phase, never negative.
    proto::Duration left() const;

    bool expired() const;
    /// For a waiter without a stream: the time it waited for is over.
    void expire();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace genspool::workers
