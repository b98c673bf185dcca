#pragma once

#include <string>
#include <utility>
#include <vector>

#include "proto/job.hpp"
#include "queue/recent.hpp"

namespace genspool::queue {

struct Turn;

/// From one poll that a hint has brought about to the next of the same job.
inline constexpr proto::Duration hint_gap{5'000};
/// For so long, and for so many tasks, a hint is kept for a task that no job has yet: the upstream
/// may speak of a task before the answer that names it is committed.
inline constexpr proto::Duration early_hint_lasts{300'000};
inline constexpr std::size_t early_hints_max = 1'000;

/// What the upstream has hinted at lately. In memory only: what is lost of it the polls find out.
class Hints {
public:
    void keep(const std::string& account, const std::string& task, proto::Instant now) {
        early_.put({account, task}, now, now);
    }
    bool kept(const std::string& account, const std::string& task, proto::Instant now) const {
        return early_.find({account, task}, now).has_value();
    }

    /// When the job is polled because of a hint that came now.
    proto::Instant poll_at(proto::JobSeq job, proto::Instant now);

private:
    Recent<std::pair<std::string, std::string>> early_{early_hint_lasts, early_hints_max};
    Recent<proto::JobSeq> polls_{hint_gap, 100'000};
};

/// Tasks have come to be the record's own: what was said of them before counts from now on.
void heed_early_hints(Turn& turn, const proto::JobRecord& record,
                      const std::vector<std::string>& tasks);

}  // namespace genspool::queue
