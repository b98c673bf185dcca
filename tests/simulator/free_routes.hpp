#pragma once

#include <optional>
#include <string>

#include "tests/simulator/call.hpp"
#include "tests/simulator/world.hpp"

namespace genspool::simulator {

// The calls that cost nothing.

ModelReply query_video(World& world, const Call& call);
ModelReply retrieve_file(World& world, const Call& call);
ModelReply retrieve_content(World& world, const Call& call);
ModelReply list_models(World& world, const Call& call);

/// The download host: every path below /cdn/.
ModelReply serve_download(World& world, const Call& call);

/// The admin calls below /sim/, without a key.
ModelReply serve_admin(World& world, const Call& call);

/// The faults that any query may meet; nullopt when none strikes.
std::optional<ModelReply> query_trouble(World& world, const Call& call, const std::string& task);

/// Notes a fault of a free call.
void note_fault(World& world, const Call& call, Fault fault, const std::string& task);

}  // namespace genspool::simulator
