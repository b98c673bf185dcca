#include "daemon/gateway/multipart_body.hpp"

#include <algorithm>

#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway {
namespace {

constexpr std::size_t parts_max = 64;
constexpr std::size_t boundary_max = 70;  // of RFC 2046
constexpr std::string_view line_end = "\r\n";

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t'))
        text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t'))
        text.remove_suffix(1);
    return text;
}

/// The value that begins the text, in quotes or up to the next semicolon; takes it out of the text.
/// Browsers write a quote in a name as %22; others with a backslash before it.
std::string take_value(std::string_view& text) {
    std::string value;
    if (!text.starts_with('"')) {
        const std::size_t end = std::min(text.find(';'), text.size());
        value = trimmed(text.substr(0, end));
        text.remove_prefix(end);
        return value;
    }
    std::size_t at = 1;
    for (; at < text.size() && text[at] != '"'; ++at) {
        const bool escaped = text[at] == '\\' && at + 1 < text.size() &&
                             (text[at + 1] == '"' || text[at + 1] == '\\');
        if (escaped) ++at;
        value += text[at];
    }
    text.remove_prefix(std::min(at + 1, text.size()));
    return value;
}

/// A parameter of a header field's value: name of "form-data; name=\"file\"". Empty: it has none.
std::string parameter(std::string_view field, std::string_view wanted) {
    std::size_t next = field.find(';');
    while (next != std::string_view::npos) {
        field.remove_prefix(next + 1);
        const std::size_t equals = field.find('=');
        if (equals == std::string_view::npos) return {};
        const std::string name = proto::lower(trimmed(field.substr(0, equals)));
        field.remove_prefix(equals + 1);
        std::string value = take_value(field);
        if (name == wanted) return value;
        next = field.find(';');
    }
    return {};
}

/// False: it is no header of a part of a form.
bool read_head(std::string_view head, FormPart& part) {
    while (!head.empty()) {
        const std::size_t end = std::min(head.find(line_end), head.size());
        const std::string_view line = head.substr(0, end);
        head.remove_prefix(std::min(end + line_end.size(), head.size()));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) return false;
        const std::string name = proto::lower(line.substr(0, colon));
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (name == "content-disposition") {
            part.name = parameter(value, "name");
            part.filename = parameter(value, "filename");
        } else if (name == "content-type") {
            part.content_type = value;
        }
    }
    return !part.name.empty();
}

/// Where the line begins that ends a part; npos: nowhere. What only begins like it is part of the
/// part.
std::size_t find_end(std::string_view body, std::string_view line) {
    std::size_t at = body.find(line);
    while (at != std::string_view::npos) {
        const std::string_view behind = body.substr(at + line.size());
        if (behind.starts_with("--") || behind.starts_with(line_end)) return at;
        at = body.find(line, at + 1);
    }
    return at;
}

}  // namespace

std::string form_boundary(std::string_view content_type) {
    if (!proto::lower(content_type).starts_with("multipart/form-data")) return {};
    std::string boundary = parameter(content_type, "boundary");
    return boundary.size() <= boundary_max ? boundary : std::string();
}

std::optional<std::vector<FormPart>> read_form(std::string_view body, std::string_view boundary) {
    constexpr std::string_view head_end = "\r\n\r\n";
    const std::string first = "--" + std::string(boundary);
    const std::string next = std::string(line_end) + first;
    std::vector<FormPart> parts;
    if (boundary.empty() || !body.starts_with(first)) return std::nullopt;
    body.remove_prefix(first.size());
    while (!body.starts_with("--")) {
        if (!body.starts_with(line_end) || parts.size() == parts_max) return std::nullopt;
        body.remove_prefix(line_end.size());
        const std::size_t head = body.find(head_end);
        if (head == std::string_view::npos) return std::nullopt;
        FormPart part;
        if (!read_head(body.substr(0, head), part)) return std::nullopt;
        body.remove_prefix(head + head_end.size());
        const std::size_t end = find_end(body, next);
        if (end == std::string_view::npos) return std::nullopt;
        part.bytes = body.substr(0, end);
        body.remove_prefix(end + next.size());
        parts.push_back(std::move(part));
    }
    return parts;
}

}  // namespace genspool::daemon::gateway
