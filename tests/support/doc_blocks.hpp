#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace genspool::tests {

/// An example in a page: what stands between ```LANGUAGE and ```.
struct DocBlock {
    std::string page;      ///< from the root of the sources, as "docs/api.md"
    std::size_t line = 0;  ///< of its first line
    std::string text;

    std::string place() const { return page + ":" + std::to_string(line); }
};

/// The examples in that language, of the README and of all pages of docs/ and docs/guides/.
std::vector<DocBlock> doc_blocks(const std::string& language);

}  // namespace genspool::tests
