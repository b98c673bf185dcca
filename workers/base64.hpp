#pragma once

#include <string>
#include <string_view>

namespace genspool::workers {

/// Appends the bytes as base64 (RFC 4648) with its padding.
void append_base64(std::string& out, std::string_view bytes);

}  // namespace genspool::workers
