#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "cli/failure.hpp"

namespace genspool::cli {

/// Stops (`action` "pause") or starts ("resume") buying: everywhere, or at these accounts. `body`
/// is what is sent along, as JSON. An account that cannot be is told, and the others have their
/// turn.
Exit pause_or_resume(Context& context, const std::vector<std::string>& accounts,
                     const std::string& action, const std::string& body);

}  // namespace genspool::cli
