#include "proto/event_stream.hpp"

#include <boost/json/parse.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace genspool::proto {
namespace {

namespace json = boost::json;

/// Cuts the first line off, whether it ends in LF, CR or both.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = text.find_first_of("\r\n");
    const std::string_view line = text.substr(0, end);
    if (end == std::string_view::npos) {
        text = {};
        return line;
    }
    const bool both = text[end] == '\r' && text.substr(end + 1).starts_with('\n');
    text.remove_prefix(end + (both ? 2 : 1));
    return line;
}

std::optional<json::object> parse_event(std::string_view data) {
    json::parse_options options;
    options.max_depth = 32;
    boost::system::error_code ec;
    json::value value = json::parse(data, ec, {}, options);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.as_object());
}

}  // namespace

bool is_event_stream(const Reply& reply) {
    if (reply.header("Content-Type").starts_with("text/event-stream")) return true;
    const std::string_view body = reply.body;
    return body.starts_with("data:") || body.starts_with("event:") || body.starts_with(":");
}

std::vector<json::object> events_of(const Reply& reply) {
    std::vector<json::object> events;
    each_event(reply, [&events](json::object event) {
        events.push_back(std::move(event));
        return true;
    });
    return events;
}

void each_event(const Reply& reply, const std::function<bool(json::object event)>& take) {
    std::string_view rest = reply.body;
    std::string data;
    // The last event may lack its blank line.
    while (!rest.empty() || !data.empty()) {
        std::string_view line = take_line(rest);
        if (line.empty()) {
            std::optional<json::object> event = parse_event(data);
            data.clear();
            if (event && !take(std::move(*event))) return;
        } else if (line.starts_with("data:")) {
            line.remove_prefix(5);
            if (line.starts_with(' ')) line.remove_prefix(1);
            if (!data.empty()) data += '\n';
            data += line;
        }
    }
}

}  // namespace genspool::proto
