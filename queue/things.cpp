#include "queue/things.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "queue/expired.hpp"
#include "queue/keys.hpp"

namespace genspool::queue {
namespace {

using proto::NamedThing;
using proto::Thing;

bool has(const Memory& memory, const std::string& account, const Thing& thing,
         const RowAt& row_at) {
    // A task's job is what is remembered of it.
    if (thing.kind == Thing::Kind::task) return row_at(keys::task(account, thing.id)).has_value();
    const auto bytes = row_at(keys::thing(account, thing));
    if (!bytes) return false;
    const auto row = decode<ThingRow>(*bytes);
    if (!row) throw StoreFailed("a corrupt row");
    return row->expires > memory.counters.now;
}

std::string joined(const std::vector<std::string>& names, std::string_view between) {
    std::string out;
    for (const std::string& name : names)
        out.append(out.empty() ? "" : between).append(name);
    return out;
}

/// "request.source_task_id names task 7"
std::string naming(const NamedThing& named) {
    return named.field + " names " + std::string(to_string(named.thing.kind)) + " " +
           named.thing.id;
}

/// Finds the account of one job, thing by thing.
class Binding {
public:
    Binding(const Memory& memory, const AdmitOne& job, const RowAt& row_at)
        : memory_(memory), job_(job), row_at_(row_at), wish_(job.spec.account) {
        const proto::JobSpec& spec = job.spec;
        const Demand demand{spec.provider, spec.op, spec.model, wish_, job.slot_class, spec.kind};
        for (const AccountSetup& account : memory.capacity.configured())
            if (serves(account, demand)) left_.push_back(account.name);
        // Admission knows of accounts a moment before the queue does.
        if (!wish_.empty() && left_.empty()) left_.push_back(wish_);
    }

    /// Leaves only the accounts that have it; says why none is left.
    std::optional<proto::Refused> look_at(const NamedThing& named) {
        const std::vector<std::string> owners = owners_of(named.thing);
        last_ = &named;
        if (owners.empty()) {
            if (unknown_ == nullptr) unknown_ = &named;
            return std::nullopt;
        }
        std::set<std::string> groups;
        for (const std::string& owner : owners)
            groups.insert(group(owner));
        const auto is_other = [&](const std::string& account) {
            return std::ranges::find(owners, account) == owners.end() &&
                   !groups.contains(group(account));
        };
        std::erase_if(left_, is_other);
        // Of two with the same key that which is remembered.
        std::ranges::stable_partition(left_, [&](const std::string& account) {
            return std::ranges::find(owners, account) != owners.end();
        });
        if (!left_.empty()) return std::nullopt;
        return no_account(named, owners);
    }

    /// The one that is left.
    proto::Result<BoundTo> settled() const {
        if (!wish_.empty()) return BoundTo{wish_};
        std::set<std::string> groups;
        for (const std::string& account : left_)
            groups.insert(group(account));
        if (groups.size() == 1) return BoundTo{left_.front()};
        const NamedThing& named = unknown_ != nullptr ? *unknown_ : *last_;
        const std::string whose = left_.empty() ? ", and no account is configured for such a job"
                                                : ", which may be of " + joined(left_, " or ");
        return proto::Refused{"account_needed", named.field,
                              naming(named) + whose + "; name its account"};
    }

private:
    /// By what is remembered; of accounts that are gone as well.
    std::vector<std::string> owners_of(const Thing& thing) const {
        std::vector<std::string> owners;
        for (const auto& [name, state] : memory_.capacity.states()) {
            const AccountSetup* const configured = memory_.capacity.find(name);
            const bool may = configured == nullptr || configured->provider == job_.spec.provider;
            if (may && has(memory_, name, thing, row_at_)) owners.push_back(name);
        }
        return owners;
    }

    const std::string& group(const std::string& account) const {
        const std::string& group = memory_.capacity.state(account).key_group;
        return group.empty() ? account : group;
    }

    proto::Refused no_account(const NamedThing& named,
                              const std::vector<std::string>& owners) const {
        const std::string why =
            naming(named) + ", which account " + joined(owners, " or ") + " has";
        if (!wish_.empty()) return {"invalid", "account", "account is " + wish_ + ", but " + why};
        return {"invalid", named.field,
                why + ": it is not configured for such a job, or has not all that is named"};
    }

    const Memory& memory_;
    const AdmitOne& job_;
    const RowAt& row_at_;
    const std::string& wish_;
    std::vector<std::string> left_;
    const NamedThing* last_ = nullptr;     ///< looked at
    const NamedThing* unknown_ = nullptr;  ///< the first that nobody remembers
};

}  // namespace

proto::Result<BoundTo> bound_account(const Memory& memory, const AdmitOne& job,
                                     const RowAt& row_at) {
    if (!binds(job.names)) return BoundTo{job.spec.account};
    Binding binding(memory, job, row_at);
    for (const NamedThing& named : job.names) {
        if (named.thing.kind == Thing::Kind::voice) continue;
        if (auto why = binding.look_at(named)) return *why;
    }
    return binding.settled();
}

void note_made(Turn& turn, const proto::JobRecord& record, const proto::MadeThing& made) {
    if (made.thing.kind == Thing::Kind::voice) {
        const std::string& provider = turn.memory.lanes.at(record.lane).provider;
        turn.plan.put(keys::voice(provider, made.thing.id), record.account);
        return;
    }
    turn.plan.put(keys::thing(record.account, made.thing), encode(ThingRow{turn.now + made.kept}));
}

void follow_voice(Turn& turn, proto::JobRecord& record) {
    LaneKey lane = turn.memory.lanes.at(record.lane);
    if (!lane.account.empty() && !record.follows_voice) return;
    for (const std::string& voice : record.voices) {
        const auto account = turn.plan.get(keys::voice(lane.provider, voice));
        if (!account) continue;
        lane.account = *account;
        record.follows_voice = true;
        record.lane = lane_id(turn, std::move(lane));
        return;
    }
}

void purge_things(Turn& turn) {
    forget_expired<ThingRow>(turn, keys::thing_family, turn.memory.things_from);
}

Answer handle(Turn& turn, const KeepThing& command) {
    turn.plan.put(keys::thing(command.account, command.thing), encode(ThingRow{command.expires}));
    return {};
}

}  // namespace genspool::queue
