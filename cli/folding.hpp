#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace genspool::cli {

/// Many chat jobs as the one file of a chat_batch.
struct Folded {
    std::string text;                 ///< a line each, in the upstream's form
    std::vector<std::string> faults;  ///< "line 3: …": what cannot be folded; then the text is void
};

/// `lines`: jobs of kind chat, or batch lines of them, one a line. One without a custom_id is
/// called by its number, "line-3".
Folded fold_chat_lines(std::string_view lines);

}  // namespace genspool::cli
