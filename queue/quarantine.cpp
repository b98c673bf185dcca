#include "queue/quarantine.hpp"

#include <algorithm>

#include "queue/backoff.hpp"

namespace genspool::queue {
namespace {

constexpr proto::Duration delay_base{2'000};
constexpr proto::Duration delay_cap{300'000};
constexpr proto::Duration quota_window{5 * 3'600'000LL};

}  // namespace

bool reaches(const Quarantine& quarantine, std::string_view of, std::string_view other) {
    const auto key = [](std::string_view group) { return group.substr(0, group.find('/')); };
    return of == other || (quarantine.scope == proto::Scope::key && key(of) == key(other));
}

bool concerns(const Quarantine& quarantine, const Demand& demand) {
    switch (quarantine.scope) {
        case proto::Scope::model:
            return quarantine.what == demand.model;
        case proto::Scope::op:
            return quarantine.what == demand.op;
        default:
            return true;
    }
}

proto::Instant closed_until(const Quarantine& quarantine) {
    const bool tried = quarantine.one_by_one && quarantine.tried_at >= quarantine.until;
    return tried ? quarantine.tried_at + delay_cap : quarantine.until;
}

proto::Scope reach_of(proto::Scope scope, const Demand& demand) {
    return scope == proto::Scope::model && demand.model.empty() ? proto::Scope::op : scope;
}

bool closes_all(proto::Scope scope) {
    return scope == proto::Scope::account || scope == proto::Scope::key;
}

std::string target_of(proto::Scope scope, const Demand& demand) {
    if (scope == proto::Scope::model) return demand.model;
    if (scope == proto::Scope::op) return demand.op;
    return {};
}

proto::Instant end_of(const proto::QuarantineWish& wish, std::uint32_t times, proto::Instant now) {
    // A moment that has passed already ("Retry-After: 0") slows nothing down.
    if (wish.until && *wish.until > now) return *wish.until;
    switch (wish.clearing) {
        case proto::Clearing::next_window:
            return now + quota_window;
        case proto::Clearing::probe:
            return now + delay_cap;
        case proto::Clearing::person:
            return proto::never;
        default:
            return now + backoff_ceiling(times, delay_base, delay_cap);
    }
}

}  // namespace genspool::queue
