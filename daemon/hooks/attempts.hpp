#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/hooks/hook.hpp"

namespace genspool::daemon::hooks {

/// How far it has come to tell a hook of one event that it did not take at once; kept as a note on
/// the event.
struct Attempts {
    std::uint32_t made = 0;
    proto::Instant next{};  ///< when the next is due
    bool given_up = false;  ///< no more are made unless a person wants it
    std::string error;      ///< of the last one

    bool operator==(const Attempts&) const = default;
};

/// One more attempt has failed. They are spread over 56 hours, and then given up.
Attempts after_failure(Attempts so_far, const Outcome& outcome, proto::Instant now);

/// "3 1796112000000 open connection refused"
std::string show_attempts(const Attempts& attempts);
std::optional<Attempts> parse_attempts(std::string_view text);

}  // namespace genspool::daemon::hooks
