#include "tests/fuzz/registry.hpp"

#include "proto/catalog/catalog.hpp"

namespace genspool::fuzz {

const proto::Registry& registry() {
    return proto::catalog();
}

}  // namespace genspool::fuzz
