#include "daemon/rehearsal/course.hpp"

#include <algorithm>

#include "daemon/config.hpp"

namespace genspool::daemon {

using proto::State;

namespace {

constexpr std::size_t events_at_once = 1'000;
constexpr std::size_t told_of_chain = 5;
/// Who waits for less than this part of the whole is not held back.
constexpr int little = 20;

bool of_class(const std::string& gate) {
    return gate == "slot" || gate == "rate";
}

}  // namespace

Course::Course(const Config& config) {
    for (const AccountConfig& account : config.accounts) {
        for (const auto& [slot_class, slots] : account.slots) {
            const auto rpm = account.rpm.find(slot_class);
            uses_.push_back(
                {account.name, slot_class, slots, rpm == account.rpm.end() ? 0 : rpm->second});
        }
    }
}

void Course::admitted(proto::JobSeq job, std::uint64_t line, const queue::AdmitOne& admitted,
                      proto::Instant now) {
    const proto::JobSpec& spec = admitted.spec;
    const auto [lane, fresh] =
        lane_ids_.emplace(spec.op + "/" + spec.model + "/" + spec.account, lanes_.size());
    if (fresh) lanes_.emplace_back();
    Job& noted = jobs_[job];
    noted.place = {line, spec.custom_id};
    noted.slot_class = admitted.slot_class;
    noted.lane = lane->second;
    noted.priced = spec.quote.has_value();
    noted.not_before = spec.not_before;
    // A line's admission is no event: a batch is seen as a whole, from its seal on.
    const bool takes = std::ranges::any_of(
        admitted.inputs, [](const auto& place) { return !place.reference.job.empty(); });
    const bool blocked = takes || !admitted.after.empty();
    noted.state = blocked ? State::blocked : State::queued;
    if (!blocked) wait(job, noted, now);
}

void Course::wait(proto::JobSeq seq, Job& job, proto::Instant now) {
    if (job.queued_at == proto::Instant{}) job.queued_at = now;
    lanes_[job.lane].waiting.emplace(job.free_at(), seq);
}

void Course::look(const queue::Core& core) {
    count_slots(core.memory().capacity, core.now());
    const queue::CoreReader reader(core);
    const proto::EventSeq before = seen_;
    std::size_t read = 0;
    do {
        const auto events = reader.events(seen_, events_at_once, std::nullopt);
        read = events.size();
        for (const queue::EventRecord& event : events)
            follow(event);
    } while (read == events_at_once);
    // Gates open and close with what happens, or else for a moment only.
    if (seen_ == before) return;
    for (Lane& lane : lanes_)
        sample(reader, lane, core.now());
}

void Course::follow(const queue::EventRecord& event) {
    seen_ = event.seq;
    const auto found = jobs_.find(event.job);
    if (found == jobs_.end()) return;  // the batch's seal
    Job& job = found->second;
    if (event.from == State::queued) lanes_[job.lane].waiting.erase({job.free_at(), event.job});
    job.state = event.to;
    if (event.to == State::queued) {
        wait(event.job, job, event.at);
    } else if (event.from == State::queued) {
        job.claimed_at = event.at;
    }
    if (proto::is_terminal(event.to)) job.ended_at = event.at;
    if (event.to != State::submitting) return;
    if (!job.priced) ++unpriced_;
    const auto use = std::ranges::find_if(uses_, [&](const SlotUse& each) {
        return each.account == event.account && each.slot_class == job.slot_class;
    });
    if (use != uses_.end()) ++use->jobs;
}

void Course::sample(const queue::Reader& reader, Lane& lane, proto::Instant now) {
    Gates gates;
    const bool waits = !lane.waiting.empty() && lane.waiting.begin()->first <= now;
    if (waits) {
        const proto::JobSeq first = lane.waiting.begin()->second;
        const auto why = reader.explain(first);
        for (const queue::Gate& gate : why->gates) {
            GateKey key{gate.name, gate.account, {}};
            if (of_class(gate.name)) key.slot_class = jobs_.at(first).slot_class;
            details_.emplace(key, gate.detail);
            gates.push_back(std::move(key));
        }
    }
    const bool changed = lane.closed.empty() ? !gates.empty() : lane.closed.back().second != gates;
    if (changed) lane.closed.emplace_back(now, std::move(gates));
}

void Course::count_slots(const queue::Capacity& capacity, proto::Instant now) {
    for (SlotUse& use : uses_) {
        use.busy += use.taken * (now - looked_at_);
        use.taken = capacity.taken(use.account, use.slot_class);
    }
    looked_at_ = now;
}

std::vector<std::pair<proto::JobSeq, State>> Course::stopped() const {
    std::vector<std::pair<proto::JobSeq, State>> stopped;
    for (const auto& [seq, job] : jobs_) {
        if (job.state != State::succeeded) stopped.emplace_back(seq, job.state);
    }
    return stopped;
}

proto::Instant Course::ended_at() const {
    proto::Instant last{};
    for (const auto& [seq, job] : jobs_)
        last = std::max(last, job.ended_at);
    return last;
}

/// Which gates were closed between the moment when it could go and that when it went.
void Course::add_waits(const Job& job, std::map<GateKey, proto::Duration>& waits) const {
    if (job.not_before > job.queued_at) waits[{"time", {}, {}}] += job.not_before - job.queued_at;
    const auto& closed = lanes_[job.lane].closed;
    for (std::size_t n = 0; n < closed.size(); ++n) {
        const proto::Instant until = n + 1 < closed.size() ? closed[n + 1].first : job.claimed_at;
        const proto::Instant begin = std::max(closed[n].first, job.free_at());
        const proto::Instant end = std::min(until, job.claimed_at);
        if (end <= begin) continue;
        for (const GateKey& gate : closed[n].second)
            waits[gate] += end - begin;
    }
}

/// Of those that it came after, the one that ended last.
std::optional<proto::JobSeq> Course::waited_for(const queue::Reader& reader,
                                                proto::JobSeq job) const {
    std::optional<proto::JobSeq> last;
    const auto view = reader.find(job);
    if (!view) return last;
    for (const proto::JobId& id : view->record.after) {
        const bool later = !last || jobs_.at(*last).ended_at < jobs_.at(id.seq()).ended_at;
        if (later) last = id.seq();
    }
    return last;
}

/// How much of what the gate lets through was let through. Behind the narrowest of several in a row
/// the others are idle at times, however long is waited at them.
double Course::share_used(const GateKey& gate, proto::Duration waited,
                          proto::Duration whole) const {
    const auto parts = [](proto::Duration span) { return static_cast<double>(span.count()); };
    const auto use = std::ranges::find_if(uses_, [&gate](const SlotUse& each) {
        return each.account == gate.account && each.slot_class == gate.slot_class;
    });
    // A limit of an op or a model is not counted here.
    const bool counted = use != uses_.end() && (gate.name == "slot" || use->rpm > 0);
    if (!counted) return parts(waited) / parts(whole);
    if (gate.name == "slot") return parts(use->busy) / (parts(whole) * use->slots);
    return static_cast<double>(use->jobs) * 60'000.0 / (parts(whole) * use->rpm);
}

Bottleneck Course::bottleneck(const queue::Reader& reader, proto::Duration whole) const {
    Bottleneck found;
    const auto last = std::ranges::max_element(
        jobs_, {}, [](const auto& entry) { return entry.second.ended_at; });
    if (last == jobs_.end()) return found;
    std::map<GateKey, proto::Duration> waits;
    for (std::optional<proto::JobSeq> job = last->first; job; job = waited_for(reader, *job)) {
        add_waits(jobs_.at(*job), waits);
        if (found.last_jobs.size() < told_of_chain) found.last_jobs.push_back(place_of(*job));
    }
    double narrowest = 0;
    for (const auto& [gate, waited] : waits) {
        const double share = share_used(gate, waited, whole);
        if (share <= narrowest || waited * little < whole) continue;
        narrowest = share;
        found.gate = gate.name;
        found.account = gate.account;
        found.slot_class = gate.slot_class;
        found.waited = waited;
        const auto detail = details_.find(gate);
        found.detail = detail == details_.end() ? "" : detail->second;
    }
    return found;
}

}  // namespace genspool::daemon
