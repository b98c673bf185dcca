#pragma once

#include <functional>
#include <string>

#include "cli/top_view.hpp"

namespace genspool::cli {

/// Reads all that `top` shows. `get` gives the body of a GET; what it throws passes through.
TopData read_top(const std::function<std::string(const std::string& target)>& get);

/// The same as JSON, on one line: stats, accounts, jobs.
std::string top_json(const TopData& data);

}  // namespace genspool::cli
