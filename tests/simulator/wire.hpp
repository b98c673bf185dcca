#pragma once

#include <string>

#include "tests/simulator/exchange.hpp"

namespace genspool::simulator {

/// Status line and headers of a reply, to the empty line. `keep` says whether the connection goes
/// on.
std::string write_head(const ModelReply& reply, bool keep);

}  // namespace genspool::simulator
