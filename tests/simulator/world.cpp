#include "tests/simulator/world.hpp"

namespace genspool::simulator {

World::World(ModelOptions with, Recorder& into)
    : options(std::move(with)), recorder(into), dice(options.seed), shelf(options.seed) {}

void World::note(FaultRecord record) {
    ++counters.faults[record.fault];
    recorder.fault(record);
}

proto::Duration World::work_time(const Markers& markers) {
    if (markers.slow) return *markers.slow;
    if (options.latency.count() == 0) return options.latency;
    const auto latency = static_cast<double>(options.latency.count());
    return proto::Duration(static_cast<std::int64_t>(latency * dice.jitter()));
}

}  // namespace genspool::simulator
