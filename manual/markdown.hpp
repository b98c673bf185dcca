#pragma once

#include <string>
#include <string_view>

#include "manual/roff.hpp"

namespace genspool::manual {

/// Puts a document of docs/ on the page: headings, paragraphs, lists, tables, code. `section`: only
/// what stands below that heading; empty: all but the title. Throws std::runtime_error, with the
/// line, for what it does not know how to put, and where there is no such section.
void put_markdown(Roff& page, std::string_view document, std::string_view section);

}  // namespace genspool::manual
