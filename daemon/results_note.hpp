#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "queue/views.hpp"

namespace genspool::daemon {

/// How far a batch's result files have come, as it is kept on the batch. Committed together with
/// the cursor of the event log, so that no line is written twice or never.
struct ResultsNote {
    enum class Phase : std::uint8_t {
        open,      ///< lines are still to come
        renaming,  ///< clean files lie beside the old ones and take their names
        done,      ///< NAME.done is there
    };

    std::uint64_t results = 0;  ///< bytes of NAME.jsonl that count
    std::uint64_t errors = 0;   ///< of NAME.errors.jsonl
    Phase phase = Phase::open;
    bool again = false;  ///< a job has ended more than once: both files are rewritten at the end

    bool operator==(const ResultsNote&) const = default;
};

/// "123:45:open", "123:45:open:again".
std::string show_results_note(const ResultsNote& note);
std::optional<ResultsNote> parse_results_note(std::string_view text);
/// The note on the batch; nullopt: its results have not been begun.
std::optional<ResultsNote> results_note(const queue::BatchView& batch);

/// What a batch's result files are named after: the accepted file's name without its ending, or the
/// batch's id. results/NAME.jsonl, results/NAME.errors.jsonl, results/NAME.done.
std::string results_name(const queue::BatchView& batch);

}  // namespace genspool::daemon
