#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "cli/table.hpp"
#include "proto/time.hpp"

/// How accounts are put for people.
namespace genspool::cli {

/// Slots, health and spend of each. `busy_only`: only the slots that are taken.
Table accounts_table(const std::vector<boost::json::value>& accounts, proto::Instant now,
                     bool busy_only = false);

/// What is wrong with its login upstream, or will be within three days; empty: nothing.
std::string login_trouble(const boost::json::value& account, proto::Instant now);

/// Its quarantines, with the upstream's words; empty: none.
std::string quarantine_trouble(const boost::json::value& account, proto::Instant now);

/// Both: why an account, or a part of it, buys nothing, or soon will.
std::string account_trouble(const boost::json::value& account, proto::Instant now);

}  // namespace genspool::cli
