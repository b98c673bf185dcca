#pragma once

#include <cstdint>
#include <string>

namespace genspool::simulator {

/// Writes the port as text, whole or not at all: whoever sees the file can connect. Throws
/// system_error.
void write_port_file(const std::string& path, std::uint16_t port);

}  // namespace genspool::simulator
