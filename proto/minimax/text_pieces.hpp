#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace genspool::proto::minimax {

/// A text in pieces of at most `characters_max` (200 or more) code points, to be said one after the
/// other: cut at ends of sentences, else between words, and never within a character, a pause
/// ("<#1.5#>") or a remark in brackets, nor beside a pause. A piece of nothing but blanks is left
/// out.
std::vector<std::string> cut_text(std::string_view text, std::size_t characters_max);

}  // namespace genspool::proto::minimax
