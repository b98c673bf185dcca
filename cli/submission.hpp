#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "proto/time.hpp"

namespace genspool::cli {

/// The file of another job, in the place of a field of the request.
struct NamedArtifact {
    std::string field;    ///< dotted, as in "a.b"
    std::string job;      ///< its whole id
    std::string n = "0";  ///< which of its artifacts
};

/// "FIELD=JOB" or "FIELD=JOB/N". Throws CommandFailed (usage).
NamedArtifact parse_artifact(const std::string& text);

/// A job as the command line describes it. Empty: not given.
struct Submission {
    std::string kind;
    std::string model;
    std::string prompt;
    std::vector<std::string> sets;    ///< "a.b=VALUE", into the request
    std::vector<std::string> labels;  ///< "name=value"
    std::vector<std::string> files;   ///< "FIELD=PATH": local files, likewise
    std::string custom_id;
    std::optional<unsigned> priority;
    std::string provider;
    std::string account;
    std::string deadline;
    std::string not_before;
    std::optional<unsigned> max_attempts;
    std::string max_cost;
    std::string on_unknown;  ///< "hold", "resubmit", or an amount
    std::string output;
    std::string webhook;
    std::vector<std::string> after;  ///< whole ids
    std::vector<NamedArtifact> artifacts;
};

/// The job as it is sent to the daemon. `request` is the body it starts from, which the options
/// then add to. `now` is only for checking moments. Throws CommandFailed (usage) naming the option.
boost::json::object to_job(const Submission& submission, boost::json::object request,
                           proto::Instant now);

/// A request body in a file's text: a JSON object. `name` is for the error.
boost::json::object parse_request(const std::string& text, const std::string& name);

/// 128 random bits in hex: names one submission, so that it can be sent again safely.
std::string random_key();

}  // namespace genspool::cli
