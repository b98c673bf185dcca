#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "workers/lease.hpp"
#include "workers/tools.hpp"

namespace genspool::workers {

/// Where an artifact's bytes can be had now, or why not.
struct FoundLink {
    std::string url;  ///< empty: none
    std::string trouble;
    bool gone = false;  ///< the upstream says that it no longer has what is asked for
    bool cancelled = false;
};

/// Resolves an artifact's source into a URL: a link is one, a handle is asked for one at the
/// account that bought it. Event-loop thread only.
class LinkSource {
public:
    /// Both must outlive it.
    LinkSource(Tools& tools, Lease& lease) : tools_(tools), lease_(lease) {}

    boost::asio::awaitable<FoundLink> find(proto::Source source);

private:
    std::string account_of(proto::Send send) const;
    FoundLink read(const proto::Codec& codec, const proto::Source& source, HttpReply reply) const;

    Tools& tools_;
    Lease& lease_;
};

}  // namespace genspool::workers
