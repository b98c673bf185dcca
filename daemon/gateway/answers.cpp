#include "daemon/gateway/answers.hpp"

#include <algorithm>

namespace genspool::daemon::gateway {

Answers::Waiter::Waiter(Answers& answers, proto::JobSeq job, BodySource& client)
    : answers_(answers), client_(client), place_(answers.waiters_.emplace(job, this)) {}

Answers::Waiter::~Waiter() {
    answers_.waiters_.erase(place_);
}

void Answers::Waiter::is_answered() {
    constexpr std::size_t kept = 4'096;
    if (!answers_.answered_.insert(place_->first).second) return;
    answers_.answered_last_.push_back(place_->first);
    if (answers_.answered_last_.size() <= kept) return;
    answers_.answered_.erase(answers_.answered_last_.front());
    answers_.answered_last_.pop_front();
}

bool Answers::awaited(proto::JobSeq job) const {
    const auto [begin, end] = waiters_.equal_range(job);
    return std::any_of(begin, end, [](const auto& each) { return !each.second->gone(); });
}

}  // namespace genspool::daemon::gateway
