#include "tests/storm/kill_plan.hpp"

#include <array>
#include <vector>

namespace genspool::tests {
namespace {

struct Part {
    const char* name;
    std::vector<const char*> points;
    std::uint64_t passes_max;
};

const std::array<Part, 8>& parts() {
    static const std::array<Part, 8> all{{
        {"submit", {"paid.before_call", "paid.call_ended"}, 12},
        {"spool", {"spool.trailer_written", "spool.synced"}, 4},
        {"poll", {"poll.answered"}, 12},
        {"fetch", {"fetch.part_synced", "fetch.named", "fetch.in_place"}, 6},
        {"results", {"results.written", "results.synced", "results.committed"}, 6},
        {"any", {}, 1},
        {"inbox",
         {"inbox.opened", "inbox.after_chunk", "inbox.before_seal", "inbox.after_seal",
          "inbox.moved"},
         1},
        {"commit", {"queue.before_commit", "queue.after_commit"}, 60},
    }};
    return all;
}

}  // namespace

KillWish KillPlan::next() {
    const Part& part = parts()[round_++ % parts().size()];
    KillWish wish;
    wish.during = part.name;
    if (part.points.empty()) return wish;
    const char* const point = part.points[below(part.points.size())];
    wish.kill_at = std::string(point) + ":" + std::to_string(1 + below(part.passes_max));
    return wish;
}

std::uint64_t KillPlan::below(std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random_);
}

}  // namespace genspool::tests
