#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <vector>

#include "daemon/doctor/finding.hpp"
#include "proto/codec.hpp"
#include "workers/accounts.hpp"
#include "workers/http.hpp"

namespace genspool::daemon {

/// One of the places that offer the same API.
struct Place {
    std::string name;      ///< for people
    std::string base_url;  ///< as an account has it
};

/// Asks the upstreams by calls that cost nothing: whether one can be reached, whether it takes the
/// key, whether another region takes it that this one refuses, and what time it is there.
/// Event-loop thread only.
class UpstreamLook {
public:
    using Now = std::function<proto::Instant()>;

    /// `http` must outlive it; `regions` of a provider instead of those that it knows itself, where
    /// it is not empty.
    UpstreamLook(workers::Http& http, Now now, std::vector<Place> regions)
        : http_(http), now_(std::move(now)), regions_(std::move(regions)) {}

    /// Also tells where our clock is wrong, once for all accounts. `other_key`: what to type to put
    /// another key in its place.
    boost::asio::awaitable<Findings> look(const proto::Provider& provider, workers::Account account,
                                          std::string other_key);

private:
    struct Answer;

    boost::asio::awaitable<Answer> ask(const proto::Provider& provider, workers::Account account);
    boost::asio::awaitable<Finding> look_elsewhere(const proto::Provider& provider,
                                                   workers::Account account, std::string words,
                                                   std::string other_key);
    boost::asio::awaitable<Findings> look_closer(const proto::Provider& provider,
                                                 workers::Account account);
    std::vector<Place> regions(const proto::Provider& provider) const;
    void judge_clock(const proto::Reply& reply, const std::string& host, Findings& findings);

    workers::Http& http_;
    Now now_;
    std::vector<Place> regions_;
    bool clock_told_ = false;
};

}  // namespace genspool::daemon
