#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "proto/ids.hpp"

namespace genspool::daemon {

/// What a line of a result file says of itself: whose it is, and which of several counts.
struct ResultLineKey {
    proto::JobSeq job;    ///< 0: a refused line
    proto::EventSeq end;  ///< of a job's lines the one with the highest counts

    auto operator<=>(const ResultLineKey&) const = default;
};

/// nullopt if the line is none of ours.
std::optional<ResultLineKey> result_line_key(std::string_view line);

}  // namespace genspool::daemon
