#pragma once

#include <vector>

#include "proto/codec.hpp"

/// How a linked account stands: whether it is logged in, and how much it may do at once.
namespace genspool::proto::useapi {

/// GET of the account, and of its plan.
std::vector<Call> account_looks();

/// What the reply to the n-th of them adds; false: it says nothing of the account.
bool read_account_look(std::size_t n, const Reply& reply, AccountSight& sight);

}  // namespace genspool::proto::useapi
