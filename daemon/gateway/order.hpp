#pragma once

#include <string>
#include <string_view>

namespace genspool::daemon::gateway {

/// The label of jobs that came through the gateway: whether their answer has been written whole.
inline constexpr std::string_view answer_label = "gateway";
inline constexpr std::string_view answer_waits = "unanswered";
inline constexpr std::string_view answer_given = "answered";

/// What a client wants bought.
struct Order {
    std::string identity;  ///< path and body in their canonical form, with files by their hashes
    std::string line;      ///< the job as JSON text, with answer_label: answer_waits
    bool answered_at_once = false;  ///< with a task's number; else when the job has ended

    Order() = default;
};

}  // namespace genspool::daemon::gateway
