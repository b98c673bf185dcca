#include "queue/agenda.hpp"

#include <algorithm>

namespace genspool::queue {

std::optional<Agenda::Entry> Agenda::pop(proto::Instant now) {
    if (heap_.empty() || heap_.top().at > now) return std::nullopt;
    const Entry entry = heap_.top();
    heap_.pop();
    return entry;
}

void Flights::enlist(proto::JobSeq job, const Flight& flight) {
    if (out_.contains(job)) return;
    if (flight.urgent) {
        urgent_.insert({flight.urgency, job});
    } else {
        waiting_[static_cast<std::size_t>(flight.kind)].insert({flight.due, job});
    }
}

void Flights::delist(proto::JobSeq job, const Flight& flight) {
    urgent_.erase({flight.urgency, job});
    waiting_[static_cast<std::size_t>(flight.kind)].erase({flight.due, job});
}

void Flights::set(proto::JobSeq job, WorkKind kind, proto::Instant due, proto::Instant urgency) {
    remove(job);
    Flight flight;
    flight.due = due;
    flight.urgency = urgency;
    flight.kind = kind;
    flights_.emplace(job, flight);
    enlist(job, flight);
}

void Flights::remove(proto::JobSeq job) {
    const auto found = flights_.find(job);
    if (found == flights_.end()) return;
    delist(job, found->second);
    flights_.erase(found);
}

std::vector<proto::JobSeq> Flights::take(WorkKind kind, std::size_t count, proto::Instant now) {
    Order& waiting = waiting_[static_cast<std::size_t>(kind)];
    Order* source = &waiting;
    if (kind == WorkKind::fetch) {
        while (!waiting.empty() && waiting.begin()->first <= now) {
            const proto::JobSeq job = waiting.begin()->second;
            waiting.erase(waiting.begin());
            Flight& flight = flights_.at(job);
            flight.urgent = true;
            urgent_.insert({flight.urgency, job});
        }
        source = &urgent_;
    }
    std::vector<proto::JobSeq> taken;
    while (taken.size() < count && !source->empty()) {
        const auto first = *source->begin();
        if (kind != WorkKind::fetch && first.first > now) break;
        source->erase(source->begin());
        out_.insert(first.second);
        taken.push_back(first.second);
    }
    return taken;
}

void Flights::saw(proto::JobSeq job, Sight sight) {
    const auto found = flights_.find(job);
    if (found == flights_.end()) return;
    found->second.seen_at = sight.at;
    const std::uint32_t known = sight.permille ? std::min(*sight.permille, 1'000U) + 1 : 0;
    found->second.seen_permille = static_cast<std::uint16_t>(known);
}

std::optional<Flights::Sight> Flights::sight(proto::JobSeq job) const {
    const auto found = flights_.find(job);
    if (found == flights_.end() || found->second.seen_at == proto::Instant{}) return std::nullopt;
    Sight sight{found->second.seen_at, std::nullopt};
    if (found->second.seen_permille > 0) sight.permille = found->second.seen_permille - 1U;
    return sight;
}

void Flights::put_off(proto::JobSeq job, proto::Instant due) {
    Flight& flight = flights_.at(job);
    flight.due = due;
    flight.has_place = true;
    returned(job);
}

void Flights::returned(proto::JobSeq job) {
    if (out_.erase(job) == 0) return;
    const auto found = flights_.find(job);
    if (found != flights_.end()) enlist(job, found->second);
    const auto hastened = hastened_.extract(job);
    if (hastened) hasten(job, hastened.mapped());
}

void Flights::hasten(proto::JobSeq job, proto::Instant at) {
    const auto found = flights_.find(job);
    if (found == flights_.end() || found->second.kind != WorkKind::poll) return;
    Flight& flight = found->second;
    if (out_.contains(job)) {
        const auto [waits, fresh] = hastened_.try_emplace(job, at);
        if (!fresh) waits->second = std::min(waits->second, at);
    } else if (at < flight.due && !flight.has_place) {
        delist(job, flight);
        flight.due = at;
        enlist(job, flight);
    }
}

bool Flights::fetches_pile_up(std::size_t count, proto::Instant now) const {
    std::size_t due = urgent_.size();
    for (const auto& [at, job] : waiting_[static_cast<std::size_t>(WorkKind::fetch)]) {
        if (at > now || due > count) break;
        ++due;
    }
    return due > count;
}

proto::Instant Flights::next_due(bool without_fetches) const {
    proto::Instant next = proto::never;
    if (!urgent_.empty() && !without_fetches) next = proto::Instant{};
    for (std::size_t kind = 0; kind < kinds; ++kind) {
        const Order& waiting = waiting_[kind];
        if (waiting.empty()) continue;
        if (without_fetches && static_cast<WorkKind>(kind) == WorkKind::fetch) continue;
        next = std::min(next, waiting.begin()->first);
    }
    return next;
}

}  // namespace genspool::queue
