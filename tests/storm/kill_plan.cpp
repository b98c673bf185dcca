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

const std::array<Part, 10>& parts() {
    static const std::array<Part, 10> all{{
        {"paid",
         {"paid.before_call", "paid.before_first_byte", "paid.written", "paid.head_received",
          "paid.piece_received", "paid.call_ended", "paid.reported"},
         12},
        {"spool",
         {"spool.created", "spool.head_written", "spool.piece_written", "spool.trailer_written",
          "spool.file_synced", "spool.synced", "files.removed"},
         4},
        {"poll", {"poll.answered"}, 12},
        {"fetch",
         {"files.created", "files.appended", "fetch.part_synced", "fetch.named", "files.renamed",
          "fetch.in_place", "fetch.home"},
         6},
        {"results", {"results.written", "results.synced", "results.committed"}, 6},
        {"any", {}, 1},
        {"inbox",
         {"inbox.opened", "inbox.after_chunk", "inbox.before_seal", "inbox.after_seal",
          "inbox.renamed", "inbox.moved"},
         1},
        {"intake", {"intake.admitted"}, 6},
        {"commit", {"queue.before_commit", "queue.after_commit"}, 60},
        {"high water", {"high_water.written", "high_water.synced"}, 6},
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
