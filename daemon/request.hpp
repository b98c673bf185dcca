#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace genspool::daemon {

/// The header fields that anything here looks at. Others are not kept.
enum class Field : std::uint8_t {
    authorization,
    content_type,
    cookie,
    expect,
    host,
    idempotency_key,
    if_none_match,
    if_range,
    last_event_id,
    mcp_method,
    mcp_name,
    mcp_protocol_version,
    origin,
    prefer,
    range,
    sec_fetch_site,
    traceparent,
};
inline constexpr std::size_t field_count = 17;

/// How the reading of a body went on.
enum class BodyState : std::uint8_t {
    piece,      ///< some bytes
    end,        ///< it is complete
    too_large,  ///< it exceeds the limit; the connection cannot go on
    broken,     ///< the client went away, was too slow, or sent what is no HTTP
    no_room,    ///< all clients together hold too much; this one is to come again
};

struct BodyPiece {
    BodyState state = BodyState::end;
    std::string bytes;

    BodyPiece() = default;
    explicit BodyPiece(BodyState s) : state(s) {}
};

/// A request's body, as it arrives. Event-loop thread; one call at a time.
class BodySource {
public:
    virtual ~BodySource() = default;

    virtual boost::asio::awaitable<BodyPiece> next() = 0;

    /// How much memory is held at the moment for what has come of the body so far: whoever keeps
    /// some of it says so.
    virtual void holds(std::uint64_t bytes) = 0;

    /// Whether the client is known to have gone, so that nobody waits for the answer any more.
    virtual bool gone() = 0;
};

/// Who asks, as the kernel or a token says.
struct Caller {
    std::string principal;  ///< "uid:1000", "token:reel-desk"
    bool admin = false;     ///< may act on everybody's jobs, on accounts and on the queue
};

/// One request: its head is complete, its body may still be on its way.
struct Request {
    std::string method;
    std::string target;  ///< as it was sent: path and query
    std::array<std::string, field_count> fields;
    bool keep_alive = true;
    std::string repeated_field;  ///< a field that may come only once and did not; empty: none
    std::string empty_field;     ///< a field that means nothing without a value; empty: none

    Caller caller;
    BodySource* body = nullptr;

    // Filled in by the router.
    std::vector<std::string> arguments;  ///< what stands in the pattern's "{}" places, decoded
    std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order

    Request() = default;

    const std::string& field(Field name) const { return fields[static_cast<std::size_t>(name)]; }

    /// The last value of a query parameter, or nullptr.
    const std::string* parameter(std::string_view name) const;
};

}  // namespace genspool::daemon
