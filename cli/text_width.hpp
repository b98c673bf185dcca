#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace genspool::cli {

/// How many characters a terminal shows of this, near enough: UTF-8 sequences count as one, the
/// escape sequences of colours as none.
std::size_t width_of(std::string_view text);

/// At most `most` characters of it, the last a "…" where something is missing. A colour that was
/// begun ends.
std::string cut_to(std::string_view text, std::size_t most);

}  // namespace genspool::cli
