#pragma once

#include <string>

#include "cli/context.hpp"
#include "cli/failure.hpp"

namespace genspool::cli {

/// Stops (`action` "pause") or starts ("resume") buying: everywhere, or at one account. `body` is
/// what is sent along, as JSON.
Exit pause_or_resume(Context& context, const std::string& account, const std::string& action,
                     const std::string& body);

}  // namespace genspool::cli
