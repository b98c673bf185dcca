#pragma once

#include "cli/completing.hpp"
#include "cli/context.hpp"

namespace genspool::cli {

/// Ids, batches and accounts of the daemon, asked for with little patience: a person waits at a
/// prompt. None where it is away, and nothing is said of that.
LiveWords live_words(Context& context);

}  // namespace genspool::cli
