#pragma once

#include <string_view>

#include "manual/roff.hpp"

namespace CLI {
class App;
}

namespace genspool::manual {

/// Puts a program's command line on the page: how it is called, its options, and each of its verbs
/// with theirs. Options that are common to all verbs are told of once.
void put_commands(Roff& page, const CLI::App& app);

}  // namespace genspool::manual
