#pragma once

#include <string>
#include <string_view>

namespace genspool::simulation {

/// What stands in [[ref:…]], by which upstream and oracle know a job; empty: nothing does.
std::string ref_in(std::string_view text);
/// The first voice that a request names; empty: it names none.
std::string voice_in(std::string_view request);

}  // namespace genspool::simulation
