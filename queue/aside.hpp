#pragma once

#include <map>
#include <set>

#include "proto/job.hpp"
#include "queue/dispatch_order.hpp"

namespace genspool::queue {

/// Queued jobs in no lane, because no money that comes free would let them go: nobody shall wait
/// behind them. In memory; after a start their turn comes once more.
struct Aside {
    /// No price is known: until an account without a budget is open.
    std::map<LaneId, std::set<proto::JobSeq>> unpriced;
    /// Dearer than the whole of every budget: until the configuration changes.
    std::set<proto::JobSeq> dear;
    /// Either of the two for the budget of the batch: until that changes.
    std::map<proto::BatchSeq, std::set<proto::JobSeq>> by_batch;

    bool contains(const proto::JobRecord& job) const {
        const auto holds = [&job](const auto& sets, const auto& key) {
            const auto found = sets.find(key);
            return found != sets.end() && found->second.contains(job.seq);
        };
        return dear.contains(job.seq) || holds(unpriced, job.lane) || holds(by_batch, job.batch);
    }

    void erase(const proto::JobRecord& job) {
        const auto take = [&job](auto& sets, const auto& key) {
            const auto found = sets.find(key);
            if (found == sets.end()) return;
            found->second.erase(job.seq);
            if (found->second.empty()) sets.erase(found);
        };
        dear.erase(job.seq);
        take(unpriced, job.lane);
        take(by_batch, job.batch);
    }
};

}  // namespace genspool::queue
