#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace genspool::tests::tidy {

struct AwaitFinding {
    std::size_t position = 0;  ///< of the co_await in the text
    std::string reason;
};

/// Finds statements that GCC 12 compiles into memory corruption: a co_await that shares its full
/// expression with a conditional operator, a braced list, a throw, or a lambda that captures by
/// value; or that stands in the condition of a do-while. Judges by pattern, so it also refuses some
/// that would be correct; name the value first. Takes code without comments and literals.
std::vector<AwaitFinding> await_findings(std::string_view code);

}  // namespace genspool::tests::tidy
