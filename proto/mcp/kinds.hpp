#pragma once

#include <span>
#include <string_view>

namespace genspool::proto::mcp {

/// What an agent is told of a kind of job.
struct KindText {
    std::string_view name;
    std::string_view makes;
    std::string_view fields;  ///< of minimax's request, unless it says otherwise
    std::string_view minimax =
        {};                        ///< arguments of submit that are taken there; empty: not offered
    std::string_view useapi = {};  ///< the same
};

/// Of every kind.
std::span<const KindText> kind_texts();

}  // namespace genspool::proto::mcp
