#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace genspool::proto {

/// How many bytes this base64 (RFC 4648, with or without its padding) decodes to; nullopt if it is
/// none.
std::optional<std::uint64_t> base64_size(std::string_view text);

/// The bytes; nullopt if it is no base64.
std::optional<std::string> base64_decode(std::string_view text);

/// Bytes as base64, with its padding.
std::string base64_encode(std::string_view bytes);

}  // namespace genspool::proto
