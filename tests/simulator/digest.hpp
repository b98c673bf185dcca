#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genspool::simulator {

/// SHA-256 in lower-case hex.
std::string sha256_hex(std::string_view bytes);

std::string to_hex(std::string_view bytes);

/// Base64 with padding, in one line.
std::string to_base64(std::string_view bytes);

/// The bytes; nullopt unless it is base64 with its padding.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace genspool::simulator
