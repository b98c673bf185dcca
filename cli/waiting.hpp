#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "cli/context.hpp"
#include "cli/failure.hpp"
#include "cli/progress.hpp"

namespace genspool::cli {

/// Until when a command waits; nothing: for ever.
class Patience {
public:
    /// `text` is "90", "90s", "10m"; empty: for ever. Throws CommandFailed on anything else.
    explicit Patience(const std::string& text);

    bool over() const;
    /// What is left, at most `most`, at least a second.
    std::chrono::seconds left(std::chrono::seconds most) const;

private:
    std::optional<std::chrono::steady_clock::time_point> until_;
};

/// A job or batch, and how its end leaves the program.
struct Waited {
    Exit exit = Exit::done;
    std::string body;          ///< as the daemon showed it last
    boost::json::value shown;  ///< the same, parsed
};

/// Waits until the job has ended or is held. A restart of the daemon is outlived.
Waited wait_for_job(Context& context, const std::string& id, const Patience& patience,
                    Progress& progress);

/// Waits until each job of the batch has ended or is held.
Waited wait_for_batch(Context& context, const std::string& id, const Patience& patience,
                      Progress& progress);

/// The one that says more: a wait that timed out, then a failure, then a hold.
Exit worse(Exit one, Exit other);

}  // namespace genspool::cli
