#pragma once

#include <string>

namespace genspool::bench {

/// What was measured on, a fact a line: CPU and cores, memory, kernel, file system of `directory`.
std::string machine_facts(const std::string& directory);

}  // namespace genspool::bench
