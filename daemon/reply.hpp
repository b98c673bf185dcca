#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace genspool::daemon {

/// A body that is made while it is sent: pulled piece by piece at the client's speed, so nothing
/// piles up for a slow one. Event-loop thread.
class PieceSource {
public:
    virtual ~PieceSource() = default;

    /// The next bytes, not empty; nullopt at the end.
    virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;

    /// All of it is written, the end of a body in chunks too.
    virtual boost::asio::awaitable<void> sent() { co_return; }
};

/// What is answered, files of users among it, is never a page of this origin: it runs nothing,
/// loads nothing, and whoever opens it in a browser has given it no right.
inline constexpr std::string_view of_data =
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

/// What is answered.
struct Reply {
    int status = 200;
    std::string_view content_type = "application/json";  ///< of static storage, or in `own_type`
    std::vector<std::pair<std::string_view, std::string>> headers;
    std::string body;
    std::unique_ptr<PieceSource> stream;        ///< in place of `body`
    std::optional<std::uint64_t> stream_bytes;  ///< its length, where it is known: else chunked
    std::string own_type;  ///< a content type made at run time; empty: content_type counts
    std::string_view content_policy = of_data;  ///< what a browser that shows it lets it do

    Reply() = default;
    explicit Reply(int s) : status(s) {}
    Reply(int s, std::string text) : status(s), body(std::move(text)) {}
};

/// "Created" for 201; "Unknown" for what we never send.
std::string_view reason_phrase(int status);

/// Status line and header fields, with the empty line; then the body, if it is not streamed and not
/// left out (a HEAD request).
std::string serialize(const Reply& reply, bool keep_alive, bool with_body);

/// One chunk of a chunked body.
std::string chunk(std::string_view bytes);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace genspool::daemon
