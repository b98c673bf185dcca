#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/reply.hpp"
#include "proto/result.hpp"
#include "queue/commands.hpp"

namespace genspool::daemon {

/// An error as a client sees it (RFC 9457). `code` decides status, title and whether a later try
/// could succeed; the rest is about this one case.
struct Problem {
    std::string code;
    std::string detail;  ///< one sentence
    std::string field;   ///< the offending field, as a path; empty: none
    std::string job_id;
    std::optional<bool> billed;  ///< whether anything was bought; set where that is in question
    std::string upstream;        ///< its answer, as it came; empty: none
    std::optional<std::uint64_t> line;
    std::optional<int> status;  ///< in place of the code's own

    Problem(std::string code_, std::string detail_, std::string field_ = {})
        : code(std::move(code_)), detail(std::move(detail_)), field(std::move(field_)) {}
};

/// What a code means, the same everywhere.
struct ProblemKind {
    std::string_view code;
    int status;
    bool retryable;  ///< the same request may succeed later
    std::string_view title;
};

/// The row of a code. A finer code of a refusal that has no row of its own has that of "invalid".
const ProblemKind& problem_kind(std::string_view code);

/// The code for what the queue answered. Only for what is no success (not ok, not already).
std::string_view problem_code(queue::Errc errc);

Reply to_reply(const Problem& problem);

/// A job or setting that was refused: the refusal's own code is kept.
Problem to_problem(const proto::Refused& refused);

/// A command that the queue did not do.
Problem to_problem(const queue::Answer& answer);

}  // namespace genspool::daemon
