#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace genspool::cli {

/// In lower-case hex.
std::string hex_text(const unsigned char* bytes, std::size_t count);

/// The SHA-256 of some bytes, in lower-case hex. Throws CommandFailed where the system has none.
std::string sha256_of(std::string_view bytes);

/// Of a file, links not followed; nullopt where there is no regular file that can be read.
std::optional<std::string> sha256_of_file(const std::string& path);

}  // namespace genspool::cli
