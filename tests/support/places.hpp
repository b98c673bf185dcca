#pragma once

#include <string>
#include <string_view>

/// Where this build lies. Only places.cpp knows, so that a compiler cache serves every clone.
namespace genspool::tests {

/// A program of this build: "genspoold", "genspool", "genspool-sim".
std::string program(std::string_view name);

/// A file of the source tree, named from its root.
std::string source_path(std::string_view relative);

}  // namespace genspool::tests
