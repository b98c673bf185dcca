#pragma once

#include <string>

#include "daemon/rehearsal/rehearsal.hpp"

namespace genspool::daemon {

/// The report as one line of JSON. `file`: as it was named.
std::string report_text(const std::string& file, const RehearsalReport& report);

}  // namespace genspool::daemon
