#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/secret.hpp"
#include "proto/time.hpp"

namespace genspool::daemon::hooks {

/// A signing secret as people write it, "whsec_" and base64 of 24 to 64 bytes, or that base64
/// alone; nullopt if it is none. What comes back are the bytes.
std::optional<Secret> read_signing_secret(std::string_view text);

/// The header webhook-signature of Standard Webhooks: HMAC-SHA256 of "ID.SECONDS.BODY", one for
/// each secret, so that a receiver who knows either of them is satisfied while they change.
std::string sign(std::string_view id, proto::Instant at, std::string_view body,
                 std::span<const Secret> secrets);

/// The header webhook-timestamp: seconds since 1970.
std::string timestamp(proto::Instant at);

}  // namespace genspool::daemon::hooks
