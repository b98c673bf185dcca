#include "proto/minimax/event_reply.hpp"

#include <boost/json/parse.hpp>
#include <string>
#include <utility>

namespace genspool::proto::minimax {
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

void add_event(std::vector<json::object>& events, std::string_view data) {
    json::parse_options options;
    options.max_depth = 32;
    boost::system::error_code ec;
    json::value value = json::parse(data, ec, {}, options);
    if (!ec && value.is_object()) events.push_back(std::move(value.as_object()));
}

}  // namespace

bool is_event_stream(const Reply& reply) {
    if (reply.header("Content-Type").starts_with("text/event-stream")) return true;
    const std::string_view body = reply.body;
    return body.starts_with("data:") || body.starts_with("event:") || body.starts_with(":");
}

std::vector<json::object> events_of(const Reply& reply) {
    std::vector<json::object> events;
    std::string_view rest = reply.body;
    std::string data;
    // The last event may lack its blank line.
    while (!rest.empty() || !data.empty()) {
        std::string_view line = take_line(rest);
        if (line.empty()) {
            add_event(events, data);
            data.clear();
        } else if (line.starts_with("data:")) {
            line.remove_prefix(5);
            if (line.starts_with(' ')) line.remove_prefix(1);
            if (!data.empty()) data += '\n';
            data += line;
        }
    }
    return events;
}

}  // namespace genspool::proto::minimax
