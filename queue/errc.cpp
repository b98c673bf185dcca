#include <array>

#include "queue/commands.hpp"

namespace genspool::queue {

std::string_view to_string(Errc errc) {
    constexpr std::array<std::string_view, 15> names = {
        "ok",        "already",   "stale",     "not_found", "not_allowed",
        "not_owner", "conflict",  "full",      "sealed",    "needs_again",
        "bad_task",  "read_only", "undecided", "too_many",  "bad_job"};
    return names.at(static_cast<std::size_t>(errc));
}

}  // namespace genspool::queue
