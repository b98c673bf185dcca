#pragma once

#include <boost/json/object.hpp>

#include "tests/simulator/media.hpp"
#include "tests/simulator/sale.hpp"

namespace genspool::simulator {

/// Begins a task that makes nothing yet. It may be one that will fail: then `sold` says so.
Task& begin_task(World& world, const Sale& sale, TaskFamily family, Sold& sold);

/// Sells a task that makes one file. The reply is yet to be written.
Sold sell_task(World& world, const Sale& sale, TaskFamily family, MediaKind kind);

/// {"task_id": …}: as text, or as a number where that fault strikes.
boost::json::object task_answer(World& world, const Sale& sale, const Sold& sold);

}  // namespace genspool::simulator
