#include "proto/catalog/catalog.hpp"

#include "proto/minimax/provider.hpp"
#include "proto/useapi/provider.hpp"

namespace genspool::proto {

const Registry& catalog() {
    static const Registry the_catalog({
        &minimax_provider(),
        &useapi_provider(),
    });
    return the_catalog;
}

}  // namespace genspool::proto
