#pragma once

#include <cstdint>
#include <optional>

#include "proto/time.hpp"

namespace genspool::queue {

/// What an upstream has shown to be too much of one slot class under one key. It grows back by
/// itself, until it is what the configuration says or is too much again. In memory only: after a
/// start the upstream says so anew, which costs a refused request.
class Throttle {
public:
    /// It refused one more beside so many that it works on.
    void too_many(std::uint32_t in_flight, proto::Instant now);
    /// It refused one that was sent then, because requests come too fast; `rpm` is what they are
    /// sent by, 0: no limit.
    void too_fast(std::uint32_t rpm, proto::Instant sent_at, proto::Instant now);

    /// How many at once may be tried now, of so many that are configured.
    std::uint32_t slots(std::uint32_t configured, proto::Instant now) const;
    /// How many a minute may be sent now, where so many are configured; 0: no limit, here and
    /// there.
    std::uint32_t rpm(std::uint32_t configured, proto::Instant now) const;
    /// When slots() grows next; never: it does not.
    proto::Instant grows_at(std::uint32_t configured, proto::Instant now) const;
    /// When one more may be tried beside so many; nullopt: by itself it is never more than those.
    std::optional<proto::Instant> opens_at(std::uint32_t used, std::uint32_t configured) const;

private:
    struct Limit {
        std::uint32_t value = 0;
        proto::Instant since{};
    };

    std::optional<Limit> slots_;
    std::optional<Limit> rpm_;
};

}  // namespace genspool::queue
