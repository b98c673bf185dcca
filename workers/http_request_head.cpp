#include "workers/http_request_head.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <cctype>

namespace genspool::workers {

namespace {

constexpr std::array<std::string_view, 4> own_headers = {"Host", "Content-Length", "Connection",
                                                         "Transfer-Encoding"};

bool is_token(std::string_view text) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    const auto fits = [&](char letter) {
        return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
               marks.find(letter) != std::string_view::npos;
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

bool is_field_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char letter) {
        const auto code = static_cast<unsigned char>(letter);
        return (code < 0x20 && letter != '\t') || code == 0x7f;
    });
}

bool is_own(std::string_view name) {
    return std::any_of(own_headers.begin(), own_headers.end(), [&](std::string_view own) {
        return boost::beast::iequals({own.data(), own.size()}, {name.data(), name.size()});
    });
}

void add(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::optional<std::string> write_request_head(const HttpCall& call, const HttpTarget& target,
                                              std::string_view user_agent) {
    if (!is_token(call.method)) return std::nullopt;
    std::string head;
    head.reserve(512);
    head.append(call.method).append(" ").append(target.resource).append(" HTTP/1.1\r\n");
    add(head, "Host", target.authority);
    bool names_agent = false;
    for (const HttpHeader& header : call.headers) {
        if (!is_token(header.name) || !is_field_value(header.value)) return std::nullopt;
        if (is_own(header.name)) continue;
        names_agent = names_agent || boost::beast::iequals(header.name, "User-Agent");
        add(head, header.name, header.value);
    }
    if (!names_agent) add(head, "User-Agent", user_agent);
    const bool bodiless = call.method == "GET" || call.method == "HEAD" || call.method == "DELETE";
    if (!bodiless || !call.body.empty()) {
        add(head, "Content-Length", std::to_string(call.body.size()));
    }
    head.append("\r\n");
    return head;
}

}  // namespace genspool::workers
