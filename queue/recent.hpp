#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>

#include "proto/time.hpp"

namespace genspool::queue {

/// Moments by key that are remembered for a while, `most` of them: the oldest are forgotten first.
template <class Key>
class Recent {
public:
    Recent(proto::Duration lasts, std::size_t most) : lasts_(lasts), most_(most) {}

    /// nullopt: there is none, or it was too long ago.
    std::optional<proto::Instant> find(const Key& key, proto::Instant now) const {
        const auto found = at_.find(key);
        if (found == at_.end() || found->second + lasts_ <= now) return std::nullopt;
        return found->second;
    }

    void put(const Key& key, proto::Instant at, proto::Instant now) {
        while (!order_.empty() && order_.front()->second + lasts_ <= now)
            forget_oldest();
        const auto [place, fresh] = at_.insert_or_assign(key, at);
        if (!fresh) return;
        order_.push_back(place);
        if (order_.size() > most_) forget_oldest();
    }

    std::size_t size() const { return at_.size(); }

private:
    using Moments = std::map<Key, proto::Instant>;

    void forget_oldest() {
        at_.erase(order_.front());
        order_.pop_front();
    }

    proto::Duration lasts_;
    std::size_t most_;
    Moments at_;
    std::deque<typename Moments::iterator> order_;  ///< as they came first
};

}  // namespace genspool::queue
