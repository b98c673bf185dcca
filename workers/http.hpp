#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/time.hpp"

namespace genspool::proto {
class Session;
}

namespace genspool::workers {

struct HttpHeader {
    std::string name;
    std::string value;
};

/// Status line and headers of a reply.
struct HttpHead {
    int status = 0;
    std::vector<HttpHeader> headers;

    /// The first header of that name (case-insensitive), or empty.
    std::string_view header(std::string_view name) const;
};

/// Takes a reply's body piece by piece as it arrives, in place of memory. Called on the event loop;
/// an implementation that touches a disk hops to the file pool inside.
class BodySink {
public:
    virtual ~BodySink() = default;

    /// Called once, before the first byte of the body. False refuses the body: the call ends with
    /// HttpError::sink.
    virtual boost::asio::awaitable<bool> begin(HttpHead head) = 0;

    /// One piece, in order. False ends the call with HttpError::sink.
    virtual boost::asio::awaitable<bool> write(std::string piece) = 0;
};

/// How long each phase of a call may take. Every phase has an end; a total of 0 means no other
/// bound than the phases'.
struct HttpDeadlines {
    proto::Duration connect{10'000};     ///< name look-up, TCP connect and TLS handshake together
    proto::Duration send{60'000};        ///< writing the whole request
    proto::Duration first_byte{60'000};  ///< from the last byte sent to the reply's first
    proto::Duration idle{60'000};        ///< between two pieces of the reply
    proto::Duration total{0};            ///< the whole call
};

struct HttpCall {
    std::string method = "GET";
    std::string url;  ///< absolute, http or https
    std::vector<HttpHeader> headers;
    std::string body;
    /// Blotted out of the reply, headers and body, wherever the server repeats one of them.
    std::vector<std::string> secrets;
    HttpDeadlines deadlines;
    std::uint64_t reply_bytes_max = 8U << 20U;  ///< a longer body ends the call with too_large
    /// A paid request goes out on a fresh connection, or without TLS on one that answered within
    /// the last 2 s, and is never written twice by the client.
    bool paid = false;
    BodySink* sink =
        nullptr;  ///< where the body goes; null: into HttpReply::body. Must outlive the call
    /// Not null: the call is a session over WebSocket, and this speaks in it. Must outlive the
    /// call. The reply's body is the server's frames as a stream of events; each of them may take
    /// as long as a first byte. Nothing counts as sent until the session says that it is paid for.
    proto::Session* session = nullptr;
    /// Refuse to connect to loopback, private and link-local addresses (download hosts).
    bool public_hosts_only = false;
    /// The host is one that whoever orders may name: it is looked up beside all others, so that a
    /// name server that does not answer keeps only its like waiting.
    bool strangers_host = false;
};

/// How far a call came, which decides whether it can have bought something.
enum class HttpProgress : std::uint8_t {
    not_sent,  ///< no byte of the request was handed to the socket
    sent,      ///< some of it may have arrived; no complete reply head was read
    head,      ///< status and headers were read, the body is incomplete
    complete,  ///< the whole reply was read
};

/// Why a call ended without a complete reply.
enum class HttpError : std::uint8_t {
    none,
    bad_url,
    resolve,
    refused_host,  ///< public_hosts_only forbids the address
    connect,
    tls,
    timeout,
    reset,      ///< the connection ended early
    protocol,   ///< the reply is no HTTP, or its framing is wrong
    too_large,  ///< reply_bytes_max exceeded
    sink,       ///< the sink refused
    cancelled,  ///< the calling coroutine was cancelled
};

std::string_view to_string(HttpError error);

struct HttpReply {
    HttpProgress progress = HttpProgress::not_sent;
    HttpError error = HttpError::none;
    std::string
        error_text;  ///< one line for people; empty when complete. Never holds a header's value
    HttpHead head;
    std::string body;  ///< empty where a sink took it

    HttpReply() = default;
};

/// The seam for the network: one call out, one reply back. Never throws for what a network does.
/// Event-loop thread only. Cancelling the waiting coroutine ends the call with `cancelled`.
class Http {
public:
    virtual ~Http() = default;

    virtual boost::asio::awaitable<HttpReply> call(HttpCall request) = 0;
};

}  // namespace genspool::workers
