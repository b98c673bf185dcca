#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/failure.hpp"

namespace genspool::cli {

/// Asks what no running daemon is needed for, but only the daemon's program knows: about a state
/// directory in which none works, or how a batch would go. This runs genspoold, the one beside this
/// program or else on the PATH, and hands on each line of JSON that it prints. Its one sentence of
/// complaint goes straight to standard error. Returns its exit code. Throws CommandFailed where
/// there is no genspoold, or it was killed.
Exit ask_offline(const std::vector<std::string>& arguments,
                 const std::function<void(const std::string& line)>& each);

}  // namespace genspool::cli
