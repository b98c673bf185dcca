#pragma once

#include <boost/json/value.hpp>
#include <vector>

#include "cli/table.hpp"
#include "proto/time.hpp"

/// How accounts are put for people.
namespace genspool::cli {

/// Slots, health and spend of each. `busy_only`: only the slots that are taken.
Table accounts_table(const std::vector<boost::json::value>& accounts, proto::Instant now,
                     bool busy_only = false);

/// Why an account, or a part of it, buys nothing, in the upstream's words; empty: nothing is wrong.
std::string account_trouble(const boost::json::value& account, proto::Instant now);

}  // namespace genspool::cli
