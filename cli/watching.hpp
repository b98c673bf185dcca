#pragma once

#include <functional>
#include <string>

#include "cli/context.hpp"
#include "cli/failure.hpp"

namespace CLI {
class App;
}

namespace genspool::cli {

/// --watch, as it was given.
struct Watch {
    std::string every;  ///< "5", "5s"; empty: show it once
};

void add_watch(CLI::App& verb, Watch& watch);

/// Shows something once; or, where it is watched, again and again: at once when something happens
/// to a job, and at the latest after that long. On a terminal it is drawn anew in place, elsewhere
/// it is repeated. Ends by an exception only, as when the daemon stays away.
Exit watched(Context& context, const Watch& watch, const std::function<Exit()>& show);

}  // namespace genspool::cli
