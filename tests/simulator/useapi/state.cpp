#include "tests/simulator/useapi/state.hpp"

#include <algorithm>
#include <array>

namespace genspool::simulator::useapi {

std::string_view to_string(JobType type) {
    constexpr std::array<std::string_view, 5> words{"video", "image", "audio", "music", "bot"};
    return words[static_cast<std::size_t>(type)];
}

int Job::tenths(proto::Instant now) const {
    const auto whole = finishes - created;
    return whole.count() <= 0 ? 10 : static_cast<int>((now - created) * 10 / whole);
}

Account& State::account(const std::string& user, const std::string& account, proto::Instant now) {
    Accounts& known = users_[user];
    const auto [found, made] = known.try_emplace(account);
    if (made) {
        // Longer than a real login, as there is nobody to renew it.
        found->second.login_from = now;
        found->second.login_until = now + std::chrono::hours(24 * 365);
    }
    return found->second;
}

Job& State::add(Job job) {
    Job& added = jobs_.emplace_back(std::move(job));
    by_id_.emplace(added.id, &added);
    unfinished_.push_back(&added);
    return added;
}

Job* State::find(std::string_view id) {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

const std::vector<Job*>& State::unfinished(proto::Instant now) {
    std::erase_if(unfinished_, [&](const Job* job) { return job->finished(now); });
    return unfinished_;
}

}  // namespace genspool::simulator::useapi
