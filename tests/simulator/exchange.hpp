#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/time.hpp"

namespace genspool::simulator {

using proto::Duration;
using proto::Instant;

/// What reaches the upstream: only the parts of an HTTP request that it looks at.
struct ModelRequest {
    std::string method = "GET";
    std::string target;         ///< path and query, as on the request line
    std::string host;           ///< the Host header; download links are handed out on it
    std::string authorization;  ///< header of that name, or empty
    std::string content_type;
    std::string range;
    std::string if_range;
    std::string body;
    bool upgrade = false;  ///< to a WebSocket
};

enum class FateKind : std::uint8_t {
    answer,   ///< the reply arrives
    reset,    ///< the connection is reset in place of a reply
    cut,      ///< head and body up to at_byte arrive, then the connection closes
    stall,    ///< the same, but the rest follows after a long while
    trickle,  ///< the body arrives evenly over `over`
};

/// What becomes of a reply on its way.
struct Fate {
    FateKind kind = FateKind::answer;
    std::uint64_t at_byte = 0;  ///< cut, stall: how many bytes of the body arrive (at first)
    Duration over{0};           ///< trickle: how long the body takes
};

/// What the upstream says in a session.
struct Said {
    std::vector<std::string> frames;
    Duration delay{0};    ///< before the first of them
    bool closes = false;  ///< the connection, after the last
};

/// The upstream's side of a session over WebSocket. Must not outlive its model.
class ModelSession {
public:
    virtual ~ModelSession() = default;

    virtual Said begin() = 0;
    virtual Said on_frame(std::string_view frame, Instant now) = 0;
};

struct CallbackUpdate {
    Duration after{0};  ///< since the request
    std::string body;
};

/// What the upstream sends of its own accord for a task.
struct Callbacks {
    std::string url;                      ///< empty: nothing
    std::string challenge;                ///< empty: none is made
    std::vector<CallbackUpdate> updates;  ///< in the order of their sending
    bool early = false;  ///< the challenge, and what is due at once, precede the reply
};

struct ModelReply {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;  ///< all but Content-Length
    std::string body;
    std::optional<std::uint64_t>
        declared_bytes;  ///< Content-Length where it lies; else body.size()
    Duration delay{0};   ///< from the request to the reply's first byte
    Fate fate;
    std::shared_ptr<ModelSession> session;  ///< that begins; nothing else counts then
    std::string request_sha256;             ///< of a paid request's body; else empty
    Callbacks callbacks;                    ///< to be made, whatever becomes of the reply
};

}  // namespace genspool::simulator
