#include "proto/lifecycle.hpp"

namespace genspool::proto {
namespace {

// clang-format off
constexpr std::array<std::string_view, state_count> state_names = {
    "absent",  "blocked",   "queued",   "preparing", "submitting", "unknown", "running",
    "canceling", "fetching", "held",     "succeeded", "failed",     "canceled"};

constexpr std::array<std::string_view, event_count> event_names = {
    "admitted",      "admitted_blocked", "unblocked",     "dependency_failed", "claimed_prepare",
    "claimed",       "prepared",         "put_back",      "prepare_failed",    "input_refused",
    "taken",         "delivered",        "answered",      "taken_failed",      "not_created",
    "rejected",      "ambiguous",        "adopted",       "proven_absent",     "given_up",
    "resubmit",      "task_done",        "task_failed_again", "task_failed",   "task_gone",
    "account_changed", "troubled",       "fetched",       "fetched_some",      "fetched_none",
    "fetch_troubled", "cancel",          "deadline",      "poisoned",          "declared_lost",
    "retry_fetch",   "retry_task",       "retry",         "expired",           "retry_blocked"};
// clang-format on

}  // namespace

std::string_view to_string(State state) {
    return state_names.at(static_cast<std::size_t>(state));
}

std::string_view to_string(Event event) {
    return event_names.at(static_cast<std::size_t>(event));
}

std::optional<State> parse_state(std::string_view text) {
    for (std::size_t i = 1; i < state_count; ++i) {
        if (state_names[i] == text) return static_cast<State>(i);
    }
    return std::nullopt;
}

}  // namespace genspool::proto
