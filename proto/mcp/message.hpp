#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The Model Context Protocol (MCP) without I/O: what a client says, which calls of the daemon's
/// API follow from it, and what it is answered. Whoever has the connection makes the calls.
namespace genspool::proto::mcp {

/// An error of JSON-RPC.
struct Fault {
    int code = 0;
    std::string message;
    boost::json::value data;  ///< null: none
};

inline constexpr int parse_error = -32700;
inline constexpr int invalid_request = -32600;
inline constexpr int method_not_found = -32601;
inline constexpr int invalid_params = -32602;
inline constexpr int internal_error = -32603;
inline constexpr int resource_not_found = -32002;  ///< up to revision 2025-11-25
inline constexpr int header_mismatch = -32020;
inline constexpr int unsupported_revision = -32022;

/// One JSON-RPC message of a client.
struct Message {
    boost::json::value id;  ///< text or a whole number; null: a notification, nothing is answered
    std::string method;     ///< empty: it answers something, and nobody has asked
    boost::json::object params;
    std::optional<Fault> fault;  ///< it is none; this is to be answered, whatever the id

    bool wants_answer() const { return fault || !id.is_null(); }
    /// What stands at `key` of params._meta; nullptr: nothing.
    const boost::json::value* meta(std::string_view key) const;
};

/// What came in one piece.
struct Incoming {
    std::vector<Message> messages;
    bool batch = false;  ///< an array: so is its answer
};

/// Reads a line, or the body of a request. What is no JSON is one message with a fault.
Incoming read_messages(std::string_view text);

/// The revisions of the protocol that are spoken, newest first.
inline constexpr std::string_view stateless_revision = "2026-07-28";
const std::vector<std::string_view>& revisions();
bool speaks(std::string_view revision);

/// What the handshake in `message` comes to: the revision that it asks for, or else the newest that
/// has a handshake.
std::string_view agreed_revision(const Message& message);

/// The revision that a request names itself, as those without a handshake do; empty: none.
std::string own_revision(const Message& message);

}  // namespace genspool::proto::mcp
