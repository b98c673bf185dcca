#include "queue/memory.hpp"

namespace genspool::queue {

std::uint64_t Memory::jobs() const {
    std::uint64_t open = 0;
    for (std::size_t state = 0; state < by_state.size(); ++state) {
        if (!proto::is_terminal(static_cast<proto::State>(state))) open += by_state[state];
    }
    return open;
}

}  // namespace genspool::queue
