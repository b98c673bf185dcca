#include "queue/throttle.hpp"

#include <algorithm>

namespace genspool::queue {
namespace {

constexpr proto::Duration a_slot_more{60'000};
constexpr proto::Duration twice_as_fast{300'000};
/// Where nothing is configured, this counts as no limit.
constexpr std::uint32_t rpm_unlimited = 600;
constexpr std::uint32_t doublings_max = 20;

}  // namespace

void Throttle::too_many(std::uint32_t in_flight, proto::Instant now) {
    slots_ = Limit{std::max(1U, in_flight), now};
}

void Throttle::too_fast(std::uint32_t rpm, proto::Instant sent_at, proto::Instant now) {
    // Answers to what was sent before it slowed down do not slow it down further.
    if (rpm_ && sent_at <= rpm_->since) return;
    const std::uint32_t sent = rpm == 0 ? rpm_unlimited / 10 : rpm;
    rpm_ = Limit{std::max(1U, sent / 2), now};
}

std::uint32_t Throttle::slots(std::uint32_t configured, proto::Instant now) const {
    if (!slots_) return configured;
    const auto steps = static_cast<std::uint64_t>((now - slots_->since) / a_slot_more);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(configured, slots_->value + steps));
}

std::uint32_t Throttle::rpm(std::uint32_t configured, proto::Instant now) const {
    if (!rpm_) return configured;
    const auto doublings = std::min<std::uint64_t>(
        doublings_max, static_cast<std::uint64_t>((now - rpm_->since) / twice_as_fast));
    const std::uint64_t grown = std::uint64_t{rpm_->value} << doublings;
    if (grown >= (configured == 0 ? rpm_unlimited : configured)) return configured;
    return static_cast<std::uint32_t>(grown);
}

std::optional<proto::Instant> Throttle::opens_at(std::uint32_t used,
                                                 std::uint32_t configured) const {
    if (!slots_ || used >= configured || used < slots_->value) return std::nullopt;
    return slots_->since + (used - slots_->value + 1) * a_slot_more;
}

proto::Instant Throttle::grows_at(std::uint32_t configured, proto::Instant now) const {
    if (slots(configured, now) >= configured) return proto::never;
    const auto steps = (now - slots_->since) / a_slot_more;
    return slots_->since + (steps + 1) * a_slot_more;
}

}  // namespace genspool::queue
