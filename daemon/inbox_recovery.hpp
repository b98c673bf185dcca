#pragma once

#include <boost/asio/awaitable.hpp>

#include "daemon/import.hpp"

namespace genspool::daemon {

/// What a former life left: sealed batches whose file is still to be moved or noted are finished,
/// half imports whose file is no longer there are dropped (nothing of them was bought). Fills
/// `memory` from the batches there are. Once, before the first import; harmless if repeated.
boost::asio::awaitable<void> recover_imports(const ImportParts& parts, ImportMemory& memory);

}  // namespace genspool::daemon
