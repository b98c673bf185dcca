#pragma once

#include <string>
#include <string_view>

namespace genspool::simulation {

/// What stands in [[ref:…]], by which upstream and oracle know a job; empty: nothing does.
std::string ref_in(std::string_view text);

}  // namespace genspool::simulation
