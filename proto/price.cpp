#include "proto/price.hpp"

#include <limits>

namespace genspool::proto {
namespace {

__extension__ using Wide = __int128;

Micros rounded_up(Micros micros, std::int64_t quantity, std::int64_t per) {
    const Wide total = (static_cast<Wide>(micros) * quantity + per - 1) / per;
    constexpr Micros most = std::numeric_limits<Micros>::max();
    return total > most ? most : static_cast<Micros>(total);
}

}  // namespace

PriceTable::PriceTable(const Registry& registry, std::span<const PriceOverride> overrides) {
    for (const Provider* provider : registry.providers()) {
        for (const Price& price : provider->prices()) {
            entries_[std::string(price.key)] = {{price.micros, price.unit}, price.per};
        }
    }
    for (const PriceOverride& override : overrides) {
        Entry& entry = entries_[override.key];
        entry.price = override.price;
        if (override.per > 0) entry.per = override.per;
    }
}

std::optional<Money> PriceTable::quote(const Checked& checked) const {
    const Entry* entry = checked.unmeasured ? exact(checked.price_key) : find(checked.price_key);
    if (entry == nullptr) return std::nullopt;
    const std::int64_t quantity = checked.quantity > 0 ? checked.quantity : 0;
    return Money{rounded_up(entry->price.amount, quantity, entry->per), entry->price.unit};
}

const PriceTable::Entry* PriceTable::exact(std::string_view key) const {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second;
}

const PriceTable::Entry* PriceTable::find(std::string_view key) const {
    while (true) {
        if (const Entry* entry = exact(key)) return entry;
        const std::size_t slash = key.rfind('/');
        if (slash == std::string_view::npos) return nullptr;
        key = key.substr(0, slash);
    }
}

}  // namespace genspool::proto
