#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/request.hpp"
#include "proto/time.hpp"

namespace genspool::daemon::gateway {

/// Addresses of files that whoever has one may load for a while, without a token: each is signed,
/// and opens one file only. Event-loop thread.
class Links {
public:
    /// `secret` signs them; with another one all that were given are void.
    explicit Links(std::string secret) : secret_(std::move(secret)) {}

    /// "PREFIX/download/NUMBER-EXPIRES-SIGNATURE.mp4"; good from `now` on for `link_life`.
    std::string make(std::string_view prefix, std::uint64_t number, std::string_view extension,
                     proto::Instant now) const;

    /// What a request's path names; nullopt: it is no link of ours.
    struct Link {
        std::uint64_t number = 0;
        proto::Instant expires{};
    };
    std::optional<Link> read(std::string_view path) const;

    /// Whether the request asks for a file by a link that is good now, and for nothing else.
    bool open(const Request& request, proto::Instant now) const;

private:
    std::string secret_;
};

/// As long as the upstream keeps the links of what it answers at once.
inline constexpr proto::Duration link_life = std::chrono::hours{24};

}  // namespace genspool::daemon::gateway
