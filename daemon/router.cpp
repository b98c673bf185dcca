#include "daemon/router.hpp"

#include <array>

#include "daemon/api.hpp"
#include "daemon/gateway/dialect.hpp"
#include "daemon/problem.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Reply nothing_there(std::string_view path) {
    return to_reply(Problem("not_found", "There is no " + std::string(path) + " in this API."));
}

/// "a=b&c=d"; false where the encoding is broken.
bool read_query(std::string_view text, std::vector<std::pair<std::string, std::string>>& query) {
    while (!text.empty()) {
        const std::size_t end = text.find('&');
        std::string pair(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (pair.empty()) continue;
        for (char& c : pair)
            c = c == '+' ? ' ' : c;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const auto name = percent_decoded(std::string_view(pair).substr(0, equals));
        const auto value =
            percent_decoded(std::string_view(pair).substr(std::min(equals + 1, pair.size())));
        if (!name || !value) return false;
        query.emplace_back(*name, *value);
    }
    return true;
}

/// The route for this path, or the methods there are for it.
const Route* find(const Request& request, std::string_view path,
                  std::vector<std::string>& arguments, std::string& allow) {
    const std::string_view wanted =
        request.method == "HEAD" ? "GET" : std::string_view(request.method);
    for (const Route& each : all_routes()) {
        if (!matches(each.pattern, path, arguments)) continue;
        if (each.method == wanted) return &each;
        if (!allow.empty()) allow += ", ";
        allow += each.method;
    }
    return nullptr;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_digit(text[i + 1]);
        const int low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& arguments) {
    arguments.clear();
    while (true) {
        const std::size_t place = pattern.find('{');
        const std::string_view literal = pattern.substr(0, place);
        if (place == std::string_view::npos) return path == literal;
        if (!path.starts_with(literal)) return false;
        path.remove_prefix(literal.size());
        if (pattern.substr(place) == "{*}") {
            arguments.emplace_back(path);
            return true;
        }
        const std::size_t end = std::min(path.find('/'), path.size());
        auto argument = percent_decoded(path.substr(0, end));
        if (!argument || argument->empty()) return false;
        arguments.push_back(std::move(*argument));
        path.remove_prefix(end);
        pattern.remove_prefix(place + 2);
    }
}

std::optional<std::string_view> read_target(Request& request) {
    const std::string_view target(request.target);
    const std::size_t question = std::min(target.find('?'), target.size());
    const bool asks = question < target.size();
    if (asks && !read_query(target.substr(question + 1), request.query)) return std::nullopt;
    return target.substr(0, question);
}

asio::awaitable<Reply> route(Api& api, Request& request) {
    if (!request.repeated_field.empty())
        co_return gateway::told(Problem("malformed", "The header field " + request.repeated_field +
                                                         " stands there more than once."),
                                request.target);
    if (!request.empty_field.empty())
        co_return gateway::told(Problem("malformed", "The header field " + request.empty_field +
                                                         " is there without a value."),
                                request.target);
    const std::optional<std::string_view> path = read_target(request);
    if (!path)
        co_return gateway::told(Problem("malformed", "The query is not percent-encoded properly."),
                                request.target);
    std::string allow;
    const Route* const found = find(request, *path, request.arguments, allow);
    if (found != nullptr && api.stopping && found->method != "GET")
        co_return gateway::told(Problem("stopping",
                                        "The daemon is stopping and takes nothing new; "
                                        "try again when it is back."),
                                request.target);
    if (found != nullptr) {
        Reply reply = co_await found->handler(api, request);
        co_return reply;
    }
    if (allow.empty()) co_return nothing_there(*path);
    Reply reply = gateway::told(
        Problem("method_not_allowed", request.method + " is not possible here."), request.target);
    reply.headers.emplace_back("Allow", allow);
    co_return reply;
}

}  // namespace genspool::daemon
