#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "proto/time.hpp"
#include "queue/views.hpp"

namespace genspool::daemon::hooks {

/// What a hook is told: that something has become of a job.
struct Message {
    std::string id;    ///< of this event, the same at each attempt: "01K….17"
    std::string type;  ///< "genspool.job.succeeded"
    std::string body;  ///< a CloudEvent (JSON) with the event and the job in it
    queue::EventRecord event;
    queue::JobView job;  ///< as it stands by now
};

/// How one attempt to tell it ended.
struct Outcome {
    std::string error;            ///< in words; empty: it was taken
    proto::Duration at_least{0};  ///< the next attempt not before
    bool hopeless = false;        ///< further attempts have no use
};

/// Somebody who is told: an address or a command. Event-loop thread.
class Hook {
public:
    virtual ~Hook() = default;

    /// Whether this job is any of its business.
    virtual bool wants(const queue::JobView& job) const = 0;

    /// One attempt; has an end of its own. A cancelled one may answer what it will.
    virtual boost::asio::awaitable<Outcome> tell(Message message) = 0;
};

}  // namespace genspool::daemon::hooks
