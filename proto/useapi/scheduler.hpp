#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proto/codec.hpp"

/// What useapi.net says that it works on. It knows only what was ordered through it, by all
/// accounts of the token.
namespace genspool::proto::useapi {

/// A job that runs.
struct RunningJob {
    std::string id;
    std::string reference;  ///< as add_reference() gave it; empty: it shows none
    bool fresh = false;     ///< it is said to run for some minutes only
};

using RunningJobs = std::variant<std::vector<RunningJob>, Refusal>;

/// GET /scheduler/, or its executing part; of it the jobs whose ids have `mark` in them
/// ("-video:"), because the names of the members are wrong at times. Read whole or not at all.
RunningJobs running_jobs(const Reply& reply, std::string_view mark);

/// GET /agent/jobs, of all accounts.
RunningJobs running_agents(const Reply& reply);

/// What a list of what runs says of tasks: nothing of those that are not in it, or have been for
/// long, because nobody says for how long it keeps what has ended in silence.
PollManyOutcome polled_together(RunningJobs jobs, std::string_view state);

/// The same as a page of what was bought: it shows nothing of the request but its reference.
ListOutcome listed_running(RunningJobs jobs, std::string next);

}  // namespace genspool::proto::useapi
