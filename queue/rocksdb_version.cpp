#include "queue/rocksdb_version.hpp"

#include <rocksdb/version.h>

namespace genspool::queue {

std::string rocksdb_version() {
    return rocksdb::GetRocksVersionAsString(true);
}

}  // namespace genspool::queue
