#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

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

private:
    boost::asio::awaitable<std::optional<SpoolRead>> read(std::string path);
    boost::asio::awaitable<bool> settle(std::string path);
    queue::Report judge(SpooledReply spooled) const;

    Tools& tools_;
    Lease& lease_;
    const proto::Codec* codec_ = nullptr;
};

}  // namespace genspool::workers
