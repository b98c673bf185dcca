#include "cli/problem.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <optional>

#include "cli/console.hpp"
#include "cli/json_reading.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

struct KnownCode {
    std::string_view code;
    Exit exit;
    std::string_view hint;
};

/// Codes whose exit differs from that of their status, or that deserve a hint.
constexpr std::array known_codes = {
    KnownCode{"ambiguous", Exit::usage, "give more characters of the id"},
    KnownCode{"not_available", Exit::usage, ""},
    KnownCode{"not_found", Exit::not_found, ""},
    KnownCode{"unauthorized", Exit::not_allowed, "GENSPOOL_TOKEN is the token that is sent"},
    KnownCode{"not_owner", Exit::not_allowed, "only its owner or an admin may"},
    KnownCode{"needs_again", Exit::not_allowed, "add --again if another purchase is all right"},
    KnownCode{"idempotency_conflict", Exit::usage, "take another --idempotency-key"},
    KnownCode{"not_fetched", Exit::not_allowed, "`genspool wait ID` waits until it is there"},
    KnownCode{"queue_full", Exit::unreachable, "try again when some jobs have ended"},
    KnownCode{"disk_full", Exit::unreachable, "make room in the daemon's state directory"},
    KnownCode{"busy", Exit::unreachable, "try again in a moment"},
    KnownCode{"stopping", Exit::unreachable, "try again once it is back"},
    KnownCode{"internal", Exit::unreachable, "the daemon's log says more"},
};

Exit exit_of(int status) {
    switch (status) {
        case 401:
        case 403:
        case 409:
            return Exit::not_allowed;
        case 404:
            return Exit::not_found;
        default:
            return status >= 500 ? Exit::unreachable : Exit::usage;
    }
}

std::optional<json::value> parse_problem(std::string_view body) {
    json::error_code error;
    json::value document = json::parse(json::string_view(body.data(), body.size()), error);
    if (error || !document.is_object() || text_at(document, "code").empty()) return std::nullopt;
    return document;
}

std::string without_stop(std::string text) {
    while (text.ends_with('.') || text.ends_with('\n'))
        text.pop_back();
    return text;
}

}  // namespace

CommandFailed to_failure(int status, std::string_view body) {
    const auto problem = parse_problem(body);
    if (!problem) {
        return {exit_of(status), "the daemon answers with HTTP status " + std::to_string(status)};
    }
    const std::string code = text_at(*problem, "code");
    const std::string field = text_at(*problem, "field");
    const std::string detail = printable(without_stop(text_at(*problem, "detail")));
    const std::string line_number = text_at(*problem, "line");
    // Where something is missing or ambiguous, the reason says it all.
    const bool says_all = (code == "not_found" || code == "ambiguous") && !detail.empty();
    std::string line = says_all ? detail : without_stop(text_at(*problem, "title"));
    if (line.empty()) line = code;
    if (!line_number.empty()) line += " (line " + line_number + ")";
    if (!field.empty() && detail.find(field) == std::string::npos) line += ": " + field;
    if (!detail.empty() && detail != line) line += ": " + detail;
    Exit exit = exit_of(status);
    for (const KnownCode& known : known_codes) {
        if (known.code != code) continue;
        exit = known.exit;
        // "Only an admin may pause" is said already, and nothing of an owner.
        const bool told = code == "not_owner" && detail.find("admin") != std::string::npos;
        if (!known.hint.empty() && !told) line.append(" (").append(known.hint).append(")");
    }
    for (const json::value& refused : list_at(*problem, "errors"))
        line += "\n  " + refused_line(refused);
    return {exit, line};
}

std::string refused_line(const json::value& refused) {
    std::string line = "line " + text_at(refused, "line") + ": ";
    const std::string field = text_at(refused, "field");
    const std::string message = printable(text_at(refused, "message"));
    if (!field.empty() && message.find(field) == std::string::npos) line += field + ": ";
    return line + message;
}

std::string problem_code(std::string_view body) {
    const auto problem = parse_problem(body);
    return problem ? text_at(*problem, "code") : std::string();
}

}  // namespace genspool::cli
