#include "daemon/mcp_rules.hpp"

#include <string>

#include "proto/base64.hpp"

namespace genspool::daemon {

namespace mcp = proto::mcp;

namespace {

/// What a request without the field speaks: the field came with the revision after it.
constexpr std::string_view before_the_field = "2025-03-26";

/// As the client meant it: what is not plain ASCII comes as =?base64?…?=.
std::string field_text(const std::string& field) {
    constexpr std::string_view begin = "=?base64?";
    constexpr std::string_view end = "?=";
    if (!field.starts_with(begin) || !field.ends_with(end) ||
        field.size() < begin.size() + end.size())
        return field;
    const std::string_view inside =
        std::string_view(field).substr(begin.size(), field.size() - begin.size() - end.size());
    return proto::base64_decode(inside).value_or(field);
}

/// What Mcp-Name repeats of a message; nullptr: nothing.
const boost::json::value* named_in(const mcp::Message& message) {
    if (message.method == "resources/read") return message.params.if_contains("uri");
    const bool named = message.method == "tools/call" || message.method == "prompts/get";
    return named ? message.params.if_contains("name") : nullptr;
}

mcp::Fault mismatch(const std::string& name) {
    return {mcp::header_mismatch,
            "Header mismatch: " + name + " is missing, or is not what the body says.",
            {}};
}

}  // namespace

std::string_view revision_of(const Request& request, const mcp::Message& message) {
    if (!mcp::own_revision(message).empty()) return mcp::stateless_revision;
    const std::string& named = request.field(Field::mcp_protocol_version);
    for (const std::string_view each : mcp::revisions()) {
        if (each == named) return each;
    }
    return before_the_field;
}

std::optional<mcp::Fault> header_fault(const Request& request, const mcp::Message& message) {
    const std::string& version = request.field(Field::mcp_protocol_version);
    const std::string own = mcp::own_revision(message);
    if (own.empty()) {
        if (version == mcp::stateless_revision) return mismatch("MCP-Protocol-Version");
        if (version.empty() || mcp::speaks(version)) return std::nullopt;
        return mcp::Fault{mcp::invalid_request, "Unsupported protocol version: " + version, {}};
    }
    if (version != own) return mismatch("MCP-Protocol-Version");
    if (!mcp::speaks(own)) return std::nullopt;  // which is told with what is spoken
    if (request.field(Field::mcp_method) != message.method) return mismatch("Mcp-Method");
    const boost::json::value* const named = named_in(message);
    if (named == nullptr || !named->is_string()) return std::nullopt;
    if (named->get_string() != field_text(request.field(Field::mcp_name)))
        return mismatch("Mcp-Name");
    return std::nullopt;
}

int status_of(const mcp::Fault& fault, std::string_view revision) {
    switch (fault.code) {
        case mcp::parse_error:
        case mcp::invalid_request:
        case mcp::header_mismatch:
        case mcp::unsupported_revision:
            return 400;
        case mcp::method_not_found:
            return revision == mcp::stateless_revision ? 404 : 200;
        default:
            return 200;
    }
}

}  // namespace genspool::daemon
