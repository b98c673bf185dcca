#pragma once

#include <span>
#include <string>
#include <string_view>

namespace genspool::proto::useapi {

/// What useapi.net once had.
struct Decommissioned {
    std::string_view method;   ///< empty: any
    std::string_view path;     ///< below the base address; "/llm/*": and everything below it
    std::string_view since;    ///< as in "2025-08-21"
    std::string_view instead;  ///< what to use in its place
};

std::span<const Decommissioned> decommissioned();

/// Of a path, with or without a slash at its end or a query behind it; nullptr: it is none of them.
const Decommissioned* find_decommissioned(std::string_view method, std::string_view path);

/// The whole story, as a sentence.
std::string tell(const Decommissioned& gone);

}  // namespace genspool::proto::useapi
