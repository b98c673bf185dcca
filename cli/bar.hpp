#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <string>

#include "proto/time.hpp"

/// How far something is.
namespace genspool::cli {

/// How much of a job is done, 0 to 1; nullopt where nobody can say, or it has ended.
std::optional<double> share_done(const boost::json::value& job);

/// "█████░░░░░"; nothing where `share` is not known.
std::string bar(std::optional<double> share, std::size_t cells);

/// When it may be done, as in "in 35s"; "any moment" once that is past; empty where it is not told.
std::string due(const boost::json::value& job, proto::Instant now);

}  // namespace genspool::cli
