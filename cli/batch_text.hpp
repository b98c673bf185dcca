#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/failure.hpp"
#include "proto/time.hpp"

/// How batches are put for people.
namespace genspool::cli {

void print_batches(const Console& console, const std::vector<boost::json::value>& batches,
                   proto::Instant now);

void print_batch(const Console& console, const boost::json::value& batch, proto::Instant now);

/// "3 succeeded, 1 failed, 12 queued"
std::string batch_states(const boost::json::value& batch);

/// How many of its jobs have ended or are held.
struct BatchShare {
    std::uint64_t ended = 0;
    std::uint64_t all = 0;
};

BatchShare batch_share(const boost::json::value& batch);

/// Every job of it has ended or is held.
bool is_batch_settled(const boost::json::value& batch);

/// done, unless some failed or were canceled (failed), or some are held (held).
Exit exit_of_batch(const boost::json::value& batch);

}  // namespace genspool::cli
