#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "cli/failure.hpp"

namespace genspool::cli {

/// What an error reply of the daemon means: one friendly line (what, field, reason, hint) and the
/// exit code. A body that is no problem document is reported by its status. Lines of a batch that
/// are named in it follow on lines of their own.
CommandFailed to_failure(int status, std::string_view body);

/// The problem's code, as in "stopping"; empty where the body is no problem document.
std::string problem_code(std::string_view body);

/// "line 3: request.text: …": one refused line of a batch.
std::string refused_line(const boost::json::value& refused);

}  // namespace genspool::cli
