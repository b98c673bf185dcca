#include "tests/fuzz/registry.hpp"

#include "proto/minimax/provider.hpp"

namespace genspool::fuzz {

const proto::Registry& registry() {
    static const proto::Registry the_registry({&proto::minimax_provider()});
    return the_registry;
}

}  // namespace genspool::fuzz
