#pragma once

#include <string>

#include "daemon/gateway/answers.hpp"
#include "daemon/gateway/links.hpp"
#include "daemon/gateway/uploads.hpp"

namespace genspool::daemon::gateway {

/// What requests to upstreams' own paths share, whoever they are of. Event-loop thread.
struct Gateway {
    /// `secret` signs links to files; see Links.
    Gateway(std::string secret, workers::Files& files) : links(std::move(secret)), uploads(files) {}

    Links links;
    Answers answers;
    Uploads uploads;
};

}  // namespace genspool::daemon::gateway
