#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "queue/views.hpp"

namespace genspool::daemon {

/// What is told of a hook.
struct HookFigures {
    std::string name;
    std::uint64_t taken = 0;
    std::uint64_t failed = 0;
    std::uint64_t waiting = 0;
    std::uint64_t behind = 0;
};

/// What the kernel knows of this process; 0: it would not say.
struct ProcessFigures {
    double cpu_seconds = 0;
    std::uint64_t resident_bytes = 0;
    std::uint64_t open_descriptors = 0;
    std::uint64_t descriptors_max = 0;

    static ProcessFigures read();
};

/// All that is measured, at one moment.
struct Figures {
    proto::Instant now{};
    proto::Instant started_at{};
    queue::Stats stats;
    queue::Oldest oldest{};
    std::vector<queue::AccountView> accounts;
    std::vector<HookFigures> hooks;
    ProcessFigures process;
};

/// The figures in the text format of Prometheus (0.0.4). What its series are named by is bounded:
/// states, accounts and their slot classes, units, hooks.
std::string metrics_text(const Figures& figures);

}  // namespace genspool::daemon
