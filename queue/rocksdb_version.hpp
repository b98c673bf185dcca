#pragma once

#include <string>

namespace genspool::queue {

/// Of the RocksDB that is linked: "7.8.3".
std::string rocksdb_version();

}  // namespace genspool::queue
