#include "queue/slots.hpp"

namespace genspool::queue {

std::uint32_t Slots::number_of(Use use) {
    const auto [place, fresh] =
        numbers_.try_emplace(std::move(use), static_cast<std::uint32_t>(uses_.size()));
    if (fresh) uses_.push_back(place->first);
    return place->second;
}

SlotRow Slots::row_of(const Slot& slot) const {
    const auto& [account, slot_class] = uses_[slot.of];
    return {account, slot_class, slot.expires};
}

bool Slots::take(Place place, const SlotRow& row) {
    const Slot slot{row.expires, number_of({row.account, row.slot_class})};
    return taken_.insert_or_assign(place, slot).second;
}

std::optional<SlotRow> Slots::give(Place place) {
    const auto taken = taken_.extract(place);
    if (!taken) return std::nullopt;
    held_.erase(place);
    return row_of(taken.mapped());
}

std::optional<SlotRow> Slots::find(Place place) const {
    const auto taken = taken_.find(place);
    return taken == taken_.end() ? std::nullopt : std::optional(row_of(taken->second));
}

void Slots::mark_held(proto::JobSeq job, bool held) {
    for (auto slot = taken_.lower_bound({job, 0}); slot != taken_.end() && slot->first.first == job;
         ++slot) {
        if (held) {
            held_.insert(slot->first);
        } else {
            held_.erase(slot->first);
        }
    }
}

void Slots::each_held(const See& see) const {
    for (const Place& place : held_)
        see(place, row_of(taken_.at(place)));
}

void Slots::each(const See& see) const {
    for (const auto& [place, slot] : taken_)
        see(place, row_of(slot));
}

}  // namespace genspool::queue
