#pragma once

#include "daemon/problem.hpp"
#include "proto/resources.hpp"
#include "workers/accounts.hpp"
#include "workers/http.hpp"

/// Why a resource of an upstream's cannot be shown, as a client is told.
namespace genspool::daemon {

/// The upstream has answered, and refuses.
Problem upstream_refusal(const proto::Resource& resource, const proto::Refusal& refusal);

/// It has not answered, or not to the end.
Problem no_answer(const proto::Resource& resource, const workers::Account& account,
                  const workers::HttpReply& reply);

}  // namespace genspool::daemon
