#include "proto/mcp/message.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <utility>

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

constexpr std::size_t batch_messages_max = 50;

/// Requests are deep in it already, with what a provider wants inside.
constexpr std::size_t depth_max = 64;

Message faulty(int code, std::string text) {
    Message message;
    message.fault = Fault{code, std::move(text), {}};
    return message;
}

bool is_id(const json::value& id) {
    return id.is_string() || id.is_int64() || id.is_uint64();
}

Message read_message(json::value& value) {
    json::object* const object = value.if_object();
    if (object == nullptr) return faulty(invalid_request, "A message is a JSON object.");
    Message message;
    if (const json::value* const id = object->if_contains("id"); id != nullptr && is_id(*id))
        message.id = *id;
    const auto wrong = [&message](int code, std::string text) {
        message.fault = Fault{code, std::move(text), {}};
        return message;
    };
    const json::value* const version = object->if_contains("jsonrpc");
    if (version == nullptr || *version != "2.0")
        return wrong(invalid_request, "jsonrpc must be \"2.0\".");
    const bool answers = object->contains("result") || object->contains("error");
    const json::value* const method = object->if_contains("method");
    if (method == nullptr && answers) {
        message.id = nullptr;
        return message;
    }
    if (method == nullptr || !method->is_string() || method->get_string().empty())
        return wrong(invalid_request, "method must be the name of one.");
    if (object->contains("id") && message.id.is_null())
        return wrong(invalid_request, "id must be a text or a whole number.");
    message.method = std::string(method->get_string());
    if (json::value* const params = object->if_contains("params")) {
        if (!params->is_object()) return wrong(invalid_params, "params must be an object.");
        message.params = std::move(params->get_object());
    }
    return message;
}

}  // namespace

const json::value* Message::meta(std::string_view key) const {
    const json::value* const all = params.if_contains("_meta");
    return all == nullptr || !all->is_object() ? nullptr : all->get_object().if_contains(key);
}

Incoming read_messages(std::string_view text) {
    Incoming incoming;
    json::error_code error;
    json::parse_options options;
    options.max_depth = depth_max;
    json::value value = json::parse(text, error, {}, options);
    if (error) {
        incoming.messages.push_back(faulty(parse_error, "This is no JSON: " + error.message()));
    } else if (!value.is_array()) {
        incoming.messages.push_back(read_message(value));
    } else if (value.get_array().empty() || value.get_array().size() > batch_messages_max) {
        incoming.messages.push_back(
            faulty(invalid_request,
                   "A batch has 1 to " + std::to_string(batch_messages_max) + " messages."));
    } else {
        incoming.batch = true;
        for (json::value& each : value.get_array())
            incoming.messages.push_back(read_message(each));
    }
    return incoming;
}

const std::vector<std::string_view>& revisions() {
    static const std::vector<std::string_view> spoken = {stateless_revision, "2025-11-25",
                                                         "2025-06-18", "2025-03-26", "2024-11-05"};
    return spoken;
}

bool speaks(std::string_view revision) {
    return std::ranges::find(revisions(), revision) != revisions().end();
}

std::string_view agreed_revision(const Message& message) {
    const json::value* const wanted = message.params.if_contains("protocolVersion");
    const json::string* const text = wanted == nullptr ? nullptr : wanted->if_string();
    for (const std::string_view each : revisions()) {
        if (each != stateless_revision && text != nullptr && *text == each) return each;
    }
    return revisions()[1];
}

std::string own_revision(const Message& message) {
    const json::value* const named = message.meta("io.modelcontextprotocol/protocolVersion");
    if (named == nullptr) return {};
    return named->is_string() ? std::string(named->get_string()) : std::string("?");
}

}  // namespace genspool::proto::mcp
