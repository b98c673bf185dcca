#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "proto/codec.hpp"
#include "proto/money.hpp"

namespace genspool::proto {

/// A price that the configuration sets in place of a built-in one, or where there is none.
struct PriceOverride {
    std::string key;
    Money price;
    std::int64_t per =
        0;  ///< units of quantity; 0: as many as the built-in price of that key, else 1
};

/// What one attempt at a job is expected to cost. Built at start; read-only; any thread.
class PriceTable {
public:
    explicit PriceTable(const Registry& registry, std::span<const PriceOverride> overrides = {});

    struct Entry {
        Money price;
        std::int64_t per = 1;
    };

    /// The estimate, rounded up to a whole micro; nullopt: no price is known. A sum beyond the
    /// range of money is its upper end.
    std::optional<Money> quote(const Checked& checked) const;

    /// The entry of this key, else of the key without its last "/segment", and so on; else nullptr.
    const Entry* find(std::string_view key) const;

private:
    const Entry* exact(std::string_view key) const;

    std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace genspool::proto
