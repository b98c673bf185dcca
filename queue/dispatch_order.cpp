#include "queue/dispatch_order.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace genspool::queue {
namespace {

/// Beyond so many groups remembered, those that the floor has overtaken are forgotten.
constexpr std::size_t turns_kept = 4096;
/// So many groups are looked at to say how many jobs go before one.
constexpr std::size_t groups_counted_max = 10'000;

int effective_priority(std::uint8_t priority, proto::Instant since, proto::Instant now) {
    const auto steps = now > since ? (now - since) / ageing_step : 0;
    return static_cast<int>(std::min<std::int64_t>(priority_max, priority + steps));
}

/// How many at the front of a group's jobs of this priority have come to `effective` or beyond. The
/// older a job the smaller its number, so they all stand in front.
std::uint64_t come_to(const std::deque<Waiting>& jobs, std::uint8_t priority, int effective,
                      proto::Instant now) {
    const auto young = std::partition_point(jobs.begin(), jobs.end(), [&](const Waiting& job) {
        return effective_priority(priority, job.since, now) >= effective;
    });
    return static_cast<std::uint64_t>(young - jobs.begin());
}

}  // namespace

void Lane::push(std::uint8_t priority, GroupId group, Waiting waiting) {
    reopen(group);
    Level& level = levels_.at(priority);
    std::deque<Waiting>& jobs = level.groups[group];
    if (jobs.empty()) {
        level.turns.push_back(group);
    } else {
        level.oldest.erase({jobs.front().since, group});
    }
    // A job that comes back from a backoff takes its old place.
    const auto later = [](const Waiting& a, const Waiting& b) { return a.job < b.job; };
    jobs.insert(std::upper_bound(jobs.begin(), jobs.end(), waiting, later), waiting);
    level.oldest.insert({jobs.front().since, group});
    ++size_;
}

std::optional<Lane::Head> Lane::head(proto::Instant now) const {
    std::optional<Head> best;
    for (int step = priority_max; step >= 0; --step) {
        const auto priority = static_cast<std::uint8_t>(step);
        const Level& level = levels_.at(priority);
        if (level.turns.empty()) continue;
        const int effective = effective_priority(priority, level.oldest.begin()->first, now);
        if (best && effective <= best->effective) continue;
        // The first in turn whose own oldest job has come as far; the oldest of all has, so one is
        // found.
        for (const GroupId group : level.turns) {
            const Waiting& first = level.groups.at(group).front();
            if (effective_priority(priority, first.since, now) < effective) continue;
            best = Head{effective, priority, group, first};
            break;
        }
    }
    return best;
}

void Lane::pop(const Head& head) {
    Level& level = levels_.at(head.priority);
    const auto found = level.groups.find(head.group);
    std::deque<Waiting>& jobs = found->second;
    level.oldest.erase({jobs.front().since, head.group});
    jobs.pop_front();
    level.turns.erase(std::find(level.turns.begin(), level.turns.end(), head.group));
    if (jobs.empty()) {
        level.groups.erase(found);
    } else {
        level.turns.push_back(head.group);
        level.oldest.insert({jobs.front().since, head.group});
    }
    --size_;
}

void Lane::shut(GroupId group, std::optional<proto::Micros> cost) {
    Shut shut;
    shut.cost = cost;
    for (std::uint8_t priority = 0; priority <= priority_max; ++priority) {
        Level& level = levels_.at(priority);
        const auto found = level.groups.find(group);
        if (found == level.groups.end()) continue;
        level.oldest.erase({found->second.front().since, group});
        // Its turn has just been: it stands last.
        const auto turn = std::find(level.turns.rbegin(), level.turns.rend(), group);
        level.turns.erase(std::next(turn).base());
        shut_jobs_ += found->second.size();
        shut.jobs.emplace_back(priority, std::move(found->second));
        level.groups.erase(found);
    }
    if (cost) costs_.insert(*cost);
    shut_[group] = std::move(shut);
}

void Lane::reopen(GroupId group) {
    auto found = shut_.extract(group);
    if (!found.empty()) put_back(group, std::move(found.mapped()));
}

void Lane::reopen_all() {
    if (shut_.empty()) return;
    for (auto& [group, shut] : std::exchange(shut_, {}))
        put_back(group, std::move(shut));
}

void Lane::put_back(GroupId group, Shut shut) {
    if (shut.cost) costs_.erase(costs_.find(*shut.cost));
    for (auto& [priority, waiting] : shut.jobs) {
        Level& level = levels_.at(priority);
        shut_jobs_ -= waiting.size();
        level.turns.push_back(group);
        level.oldest.insert({waiting.front().since, group});
        level.groups[group] = std::move(waiting);
    }
}

std::optional<proto::JobSeq> Lane::first_of_shut(GroupId group) const {
    const auto found = shut_.find(group);
    if (found == shut_.end()) return std::nullopt;
    return found->second.jobs.back().second.front().job;
}

const std::deque<Waiting>* Lane::find(std::uint8_t priority, GroupId group) const {
    const auto& groups = levels_.at(priority).groups;
    if (const auto open = groups.find(group); open != groups.end()) return &open->second;
    const auto shut = shut_.find(group);
    if (shut == shut_.end()) return nullptr;
    for (const auto& [level, jobs] : shut->second.jobs)
        if (level == priority) return &jobs;
    return nullptr;
}

std::optional<std::uint64_t> Lane::ahead_of(std::uint8_t priority, GroupId group, Waiting waiting,
                                            proto::Instant now) const {
    const int effective = effective_priority(priority, waiting.since, now);
    const auto older = [](const Waiting& a, const Waiting& b) { return a.job < b.job; };
    std::size_t groups = 0;
    std::uint64_t ahead = 0;
    for (std::uint8_t level = 0; level <= priority_max; ++level) {
        const auto& all = levels_.at(level).groups;
        groups += all.size();
        if (groups > groups_counted_max) return std::nullopt;
        // Among equals those that were urgent from the start go first.
        const int enough = level > priority ? effective : effective + 1;
        for (const auto& [name, jobs] : all)
            ahead += come_to(jobs, level, enough, now);
    }
    // Its equals: all of its own group that came before it, and of each other group as many in
    // turn.
    const Level& level = levels_.at(priority);
    std::uint64_t turns = 0;
    if (const auto* const own = find(priority, group)) {
        const auto place = std::lower_bound(own->begin(), own->end(), waiting, older);
        const auto before = static_cast<std::uint64_t>(place - own->begin());
        turns = before - std::min(before, come_to(*own, priority, effective + 1, now));
    }
    ahead += turns;
    bool first_in_turn = true;  // a group goes once more before it while its own has not had a turn
    for (const GroupId name : level.turns) {
        if (name == group) {
            first_in_turn = false;
            continue;
        }
        const auto& jobs = level.groups.at(name);
        const std::uint64_t equals =
            come_to(jobs, priority, effective, now) - come_to(jobs, priority, effective + 1, now);
        ahead += std::min(equals, turns + (first_in_turn ? 1 : 0));
    }
    return ahead;
}

void DispatchOrder::shut(LaneId lane, GroupId group, std::optional<proto::Micros> cost) {
    lanes_.at(lane).shut(group, cost);
}

void DispatchOrder::reopen_where(const std::function<bool(LaneId, proto::Micros)>& affordable) {
    for (auto& [id, lane] : lanes_) {
        const auto cost = lane.least_cost();
        if (cost && affordable(id, *cost)) lane.reopen_all();
    }
}

void DispatchOrder::reopen(LaneId lane, GroupId group) {
    const auto found = lanes_.find(lane);
    if (found != lanes_.end()) found->second.reopen(group);
}

void DispatchOrder::reopen_all() {
    for (auto& [id, lane] : lanes_)
        lane.reopen_all();
}

void DispatchOrder::push(LaneId lane, std::uint8_t priority, GroupId group, Waiting waiting) {
    lanes_[lane].push(priority, group, waiting);
    ++size_;
}

std::optional<DispatchOrder::Pick> DispatchOrder::pop(const std::function<bool(LaneId)>& open,
                                                      proto::Instant now) {
    const auto rank = [this](const Lane::Head& head) {
        return std::make_tuple(-head.effective, turn_of(head.group), head.waiting.job);
    };
    auto best = lanes_.end();
    std::optional<Lane::Head> best_head;
    for (auto lane = lanes_.begin(); lane != lanes_.end(); ++lane) {
        ++lanes_visited;
        if (!lane->second.any() || !open(lane->first)) continue;
        const std::optional<Lane::Head> head = lane->second.head(now);
        if (!best_head || rank(*head) < rank(*best_head)) {
            best = lane;
            best_head = head;
        }
    }
    if (!best_head) return std::nullopt;
    ++entries_visited;
    Pick pick{best->first, best_head->priority, best_head->group, best_head->waiting};
    best->second.pop(*best_head);
    if (best->second.size() == 0) lanes_.erase(best);
    --size_;
    return pick;
}

std::uint64_t DispatchOrder::turn_of(GroupId group) const {
    const auto found = turns_.find(group);
    return found == turns_.end() ? turn_floor_ : std::max(found->second, turn_floor_);
}

void DispatchOrder::served(GroupId group) {
    const std::uint64_t turn = turn_of(group);
    turn_floor_ = turn;
    turns_[group] = turn + 1;
    if (turns_.size() > turns_kept) {
        std::erase_if(turns_, [this](const auto& known) { return known.second <= turn_floor_; });
    }
}

bool DispatchOrder::any(const std::function<bool(LaneId)>& open) const {
    return std::any_of(lanes_.begin(), lanes_.end(),
                       [&](const auto& lane) { return lane.second.any() && open(lane.first); });
}

std::optional<std::uint64_t> DispatchOrder::ahead_of(LaneId lane, std::uint8_t priority,
                                                     GroupId group, Waiting waiting,
                                                     proto::Instant now) const {
    const auto found = lanes_.find(lane);
    if (found == lanes_.end()) return 0;
    return found->second.ahead_of(priority, group, waiting, now);
}

}  // namespace genspool::queue
