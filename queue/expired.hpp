#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "queue/keys.hpp"
#include "queue/turn.hpp"

namespace genspool::queue {

/// Forgets those rows of the family that have expired, or cannot be read: at most so many are
/// looked at in a round, and the next goes on at the key `from`. Row has an `expires`.
template <class Row>
void forget_expired(Turn& turn, char family, std::string& from) {
    constexpr std::size_t looks_a_round = 1'000;
    std::size_t looks = 0;
    if (from.empty()) from = keys::family_begin(family);
    std::string last;
    turn.store.scan(from, keys::family_end(family),
                    [&](std::string_view key, std::string_view value) {
                        last = key;
                        const auto row = decode<Row>(value);
                        if (!row || row->expires <= turn.now) turn.plan.del(last);
                        return ++looks < looks_a_round;
                    });
    from = looks < looks_a_round ? std::string() : last + '\0';
}

}  // namespace genspool::queue
