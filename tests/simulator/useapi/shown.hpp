#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>

#include "tests/simulator/useapi/visit.hpp"

namespace genspool::simulator::useapi {

/// Makes a link to a file.
using LinkTo = std::function<std::string(const ShelfItem& item)>;

/// The job as the query of its type shows it at that time, if nothing strikes it.
boost::json::object shown(const World& world, const Job& job, Instant at, const LinkTo& link_to);

/// The same now, for whoever calls; it may meet `link-expired`.
boost::json::object shown(World& world, const Visit& visit, const Job& job);

}  // namespace genspool::simulator::useapi
