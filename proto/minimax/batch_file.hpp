#pragma once

#include <string>
#include <string_view>

namespace genspool::proto::minimax {

/// So many requests one batch takes.
inline constexpr std::size_t batch_lines_max = 50'000;

/// What is wrong with a file of chat requests, one JSON object a line, as far as can be told before
/// it is paid for; the first thing, with its line. Empty: nothing.
std::string batch_file_fault(std::string_view bytes);

}  // namespace genspool::proto::minimax
