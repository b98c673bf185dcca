#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "proto/job.hpp"
#include "queue/rows.hpp"

namespace genspool::queue {

/// The slots that are taken, by job and send. There may be a hundred thousand of them, and most are
/// of few accounts and classes: these are kept once, and named by number.
class Slots {
public:
    using Place = std::pair<proto::JobSeq, proto::Send>;
    using See = std::function<void(const Place& place, const SlotRow& slot)>;

    /// True: it was not taken before. Else it is from now on as `row` says.
    bool take(Place place, const SlotRow& row);
    /// What was taken there; nullopt: nothing was.
    std::optional<SlotRow> give(Place place);
    std::optional<SlotRow> find(Place place) const;

    /// No work upstream is known to need the slots of this job, or such work is.
    void mark_held(proto::JobSeq job, bool held);
    void each_held(const See& see) const;
    void each(const See& see) const;

    std::size_t size() const { return taken_.size(); }

private:
    struct Slot {
        proto::Instant expires{};
        std::uint32_t of = 0;  ///< an index in uses_
    };
    using Use = std::pair<std::string, std::string>;  ///< account, class

    std::uint32_t number_of(Use use);
    SlotRow row_of(const Slot& slot) const;

    std::map<Place, Slot> taken_;
    std::set<Place> held_;
    std::vector<Use> uses_;
    std::map<Use, std::uint32_t> numbers_;
};

}  // namespace genspool::queue
