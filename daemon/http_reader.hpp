#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "daemon/request.hpp"

namespace genspool::daemon {

/// What the bytes so far have brought.
enum class HttpStep : std::uint8_t {
    need_more,  ///< read into room() and go on
    head,       ///< request() is complete but for its body
    piece,      ///< take_piece() has some of the body
    complete,   ///< the request has ended; the rest of the bytes is the next one's
    failed,     ///< status() and reason() say what to answer; the connection cannot go on
};

/// Makes requests out of a connection's bytes. No I/O in it: bytes are put in, steps come out. What
/// arrives too early (pipelining) waits inside.
class HttpReader {
public:
    explicit HttpReader(std::uint32_t header_bytes_max);
    ~HttpReader();

    /// Where the next bytes may be read into; never empty after need_more.
    std::span<char> room();
    void arrived(std::size_t count);

    /// Makes ready for the next request. Call after `complete`, and once at the start.
    void begin(std::uint64_t body_bytes_max);
    HttpStep step();

    /// Valid from `head` to the next begin(). May be moved from.
    Request& request();
    /// Nothing of the next request has arrived.
    bool idle() const;
    std::string take_piece();

    int status() const;
    const std::string& reason() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace genspool::daemon
