#pragma once

#include <span>

#include "daemon/problem.hpp"

namespace genspool::daemon {

/// Every code there is.
std::span<const ProblemKind> problem_kinds();

}  // namespace genspool::daemon
