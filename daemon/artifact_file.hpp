#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "workers/local_descriptor.hpp"
#include "workers/local_root.hpp"

namespace genspool::daemon {

/// An artifact's file, open for reading.
struct OpenedArtifact {
    workers::Descriptor file;
    std::uint64_t bytes = 0;
};

/// `name` is as Artifact::name. nullopt: it is no longer there. Blocks; on the pool.
std::optional<OpenedArtifact> open_artifact(const workers::LocalRoot& root,
                                            const std::string& name);

/// So many bytes of it from there on; fewer: it is shorter, or unreadable. Blocks; on the pool.
std::string read_at(const workers::Descriptor& file, std::uint64_t from, std::uint64_t bytes);

}  // namespace genspool::daemon
