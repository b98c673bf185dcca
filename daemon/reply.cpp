#include "daemon/reply.hpp"

#include <array>
#include <charconv>

namespace genspool::daemon {
namespace {

struct Phrase {
    int status;
    std::string_view text;
};

constexpr std::array phrases = {
    Phrase{200, "OK"},
    Phrase{201, "Created"},
    Phrase{202, "Accepted"},
    Phrase{204, "No Content"},
    Phrase{206, "Partial Content"},
    Phrase{304, "Not Modified"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{408, "Request Timeout"},
    Phrase{409, "Conflict"},
    Phrase{410, "Gone"},
    Phrase{413, "Content Too Large"},
    Phrase{415, "Unsupported Media Type"},
    Phrase{416, "Range Not Satisfiable"},
    Phrase{421, "Misdirected Request"},
    Phrase{422, "Unprocessable Content"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{502, "Bad Gateway"},
    Phrase{503, "Service Unavailable"},
    Phrase{504, "Gateway Timeout"},
    Phrase{505, "HTTP Version Not Supported"},
    Phrase{507, "Insufficient Storage"},
};

void append_number(std::string& out, std::uint64_t value, int base) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, base).ptr;
    out.append(digits.data(), end);
}

bool has_no_body(int status) {
    return status == 204 || status == 304;
}

}  // namespace

std::string_view reason_phrase(int status) {
    for (const Phrase& each : phrases) {
        if (each.status == status) return each.text;
    }
    return "Unknown";
}

std::string serialize(const Reply& reply, bool keep_alive, bool with_body) {
    std::string out;
    out.reserve(512 + (with_body ? reply.body.size() : 0));
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(reply.status), 10);
    out.append(" ").append(reason_phrase(reply.status)).append("\r\n");
    if (!has_no_body(reply.status)) {
        out += "Content-Type: ";
        out.append(reply.own_type.empty() ? reply.content_type : reply.own_type);
        if (reply.stream && !reply.stream_bytes) {
            out += "\r\nTransfer-Encoding: chunked\r\n";
        } else {
            out += "\r\nContent-Length: ";
            append_number(out, reply.stream ? *reply.stream_bytes : reply.body.size(), 10);
            out += "\r\n";
        }
    }
    out += "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: ";
    out.append(reply.content_policy).append("\r\n");
    for (const auto& [name, value] : reply.headers)
        out.append(name).append(": ").append(value).append("\r\n");
    if (!keep_alive) out += "Connection: close\r\n";
    out += "\r\n";
    if (with_body && !reply.stream) out += reply.body;
    return out;
}

std::string chunk(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + 16);
    append_number(out, bytes.size(), 16);
    out.append("\r\n").append(bytes).append("\r\n");
    return out;
}

}  // namespace genspool::daemon
