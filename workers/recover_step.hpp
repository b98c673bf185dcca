#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <system_error>

#include "workers/lease.hpp"
#include "workers/spool.hpp"
#include "workers/tools.hpp"

namespace genspool::workers {

/// A job that a start found in `preparing`: the last process ended before anything was paid for. Or
/// in `submitting`: the last process ended while its paid request may have
/// been on the wire. A complete spooled reply finishes it as if nothing had happened; without one
/// nobody can say. What was spooled is removed only where it proves that nothing was bought, or
/// holds nothing more. Event-loop thread only.
class RecoverStep {
public:
    /// Both must outlive it.
    RecoverStep(Tools& tools, Lease& lease) : tools_(tools), lease_(lease) {}

    boost::asio::awaitable<void> run();

    /// Finishes the job by a complete reply that lies in the spool: of this send, or of a later one
    /// that a database which was put back to an earlier state has forgotten. Waits as long as
    /// nobody can read what lies there; a stop then ends the step without a word. False: there is
    /// none, and nothing was done.
    boost::asio::awaitable<bool> take_up();

private:
    boost::asio::awaitable<bool> find();
    boost::asio::awaitable<std::error_code> look();
    boost::asio::awaitable<bool> settle();
    boost::asio::awaitable<std::error_code> take_over();
    queue::Report judge() const;

    Tools& tools_;
    Lease& lease_;
    const proto::Codec* codec_ = nullptr;
    std::optional<SpooledReply> found_{};
    proto::Send found_of_ = 0;  ///< the send whose reply it is
};

}  // namespace genspool::workers
