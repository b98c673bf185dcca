#include "tests/bench/benches.hpp"

#include <array>

namespace genspool::bench {

std::span<const Bench> all_benches() {
    static constexpr std::array table = {
        Bench{"disk", "syncs a second of this disk", measure_disk},
        Bench{"queue", "the queue alone: intake, memory, start, moves", measure_queue},
        Bench{"intake", "durable intake, one job a request, 16 clients", measure_intake},
        Bench{"batch", "durable intake, NDJSON", measure_batch},
        Bench{"flow", "submit, poll, retrieve, download of 64 KiB; upstream without latency",
              measure_flow},
        Bench{"in_flight", "memory, CPU and polls with 100,000 tasks upstream", measure_in_flight},
        Bench{"in_flight_lists", "the same, where one call asks for many tasks",
              measure_in_flight_lists},
        Bench{"backlog", "memory and start with a million queued jobs", measure_backlog},
    };
    return table;
}

}  // namespace genspool::bench
