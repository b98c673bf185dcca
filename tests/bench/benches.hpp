#pragma once

#include "tests/bench/bench.hpp"

namespace genspool::bench {

// One function a measurement, in the file of its name.
void measure_disk(Context& context);
void measure_queue(Context& context);
void measure_intake(Context& context);
void measure_batch(Context& context);
void measure_flow(Context& context);
void measure_in_flight(Context& context);
void measure_in_flight_lists(Context& context);
void measure_backlog(Context& context);

}  // namespace genspool::bench
