#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "cli/failure.hpp"
#include "proto/time.hpp"

/// How jobs are put for people.
namespace genspool::cli {

/// The lines of `genspool ls`.
void print_jobs(const Console& console, const std::vector<boost::json::value>& jobs,
                proto::Instant now);

/// Everything about one job.
void print_job(const Console& console, const boost::json::value& job, proto::Instant now);

/// How much of it is done ("41 %"), while it is at work and somebody can tell; else empty.
std::string percent_done(const boost::json::value& job);

/// What there is to say about where it stands: a failure, a reason, a gate; may be empty.
std::string remark(const boost::json::value& job);

/// Whether `wait` returns on it: it has ended, or is held.
bool is_settled(const boost::json::value& job);

/// The exit code that a job's end means. Only for a settled one.
Exit exit_of(const boost::json::value& job);

/// What a job has to show for itself: its artifacts' paths, else its result. One a line.
std::string outcome_text(const boost::json::value& job);

}  // namespace genspool::cli
