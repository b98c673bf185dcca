#pragma once

#include "proto/codec.hpp"
#include "workers/accounts.hpp"
#include "workers/http.hpp"

namespace genspool::workers {

/// A codec's call as this account sends it: host, credentials, the target as the provider wants it.
HttpCall upstream_call(const proto::Provider& provider, const Account& account, proto::Call call);

}  // namespace genspool::workers
