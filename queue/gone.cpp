#include "queue/gone.hpp"

namespace genspool::queue {

bool is_believed_gone(std::uint32_t times, proto::Instant since, proto::Instant now) {
    constexpr std::uint32_t times_min = 3;
    constexpr proto::Duration span_min{120'000};
    return times >= times_min && now - since >= span_min;
}

}  // namespace genspool::queue
