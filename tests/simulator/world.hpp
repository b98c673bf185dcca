#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "tests/simulator/capacity.hpp"
#include "tests/simulator/dice.hpp"
#include "tests/simulator/markers.hpp"
#include "tests/simulator/options.hpp"
#include "tests/simulator/records.hpp"
#include "tests/simulator/shelf.hpp"
#include "tests/simulator/task.hpp"
#include "tests/simulator/uploads.hpp"
#include "tests/simulator/useapi/state.hpp"

namespace genspool::simulator {

/// What GET /sim/stats counts.
struct Counters {
    std::map<std::string, std::uint64_t, std::less<>> requests;  ///< by endpoint
    std::map<std::string, std::uint64_t, std::less<>> faults;    ///< by name
    std::uint64_t purchases = 0;
    std::uint64_t purchases_failed = 0;  ///< of them, those that the upstream itself fails
    std::uint64_t refusals = 0;
    std::uint64_t violations = 0;
};

/// All that the upstream knows; the endpoints are functions on it.
struct World {
    World(ModelOptions with, Recorder& into);

    ModelOptions options;
    Recorder& recorder;
    Dice dice;
    CapacityBook capacity;
    Shelf shelf;
    std::unordered_map<std::string, Task> tasks;  ///< by task_id
    std::map<std::string, ChatBatch> batches;     ///< likewise
    Uploads uploads;
    std::map<std::string, std::string> voices;  ///< by account and voice_id: "voice_cloning", …
    std::set<std::string> features;             ///< of songs, by account and cover_feature_id
    useapi::State useapi;
    Counters counters;
    std::set<std::int64_t> asked_for;  ///< files, while download-403 may strike
    bool downloads_allowed = false;    ///< an admin has lifted [[forbid-download]]
    std::uint64_t last_number = 0;

    /// True when that fault strikes now. What strikes has to be noted.
    bool strikes(Fault fault) { return dice.roll(options.faults.rate(fault)); }

    /// Counts a fault and writes it to the log.
    void note(FaultRecord record);

    /// How long a piece of work takes, by its markers or by chance.
    proto::Duration work_time(const Markers& markers);

    /// A number never used before in this world.
    std::uint64_t next_number() { return ++last_number; }
};

}  // namespace genspool::simulator
