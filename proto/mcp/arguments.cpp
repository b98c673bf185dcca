#include "proto/mcp/arguments.hpp"

#include <algorithm>

#include "proto/canonical_json.hpp"
#include "proto/mcp/reading.hpp"

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

bool is_whole(const json::value& value) {
    return value.is_int64() || value.is_uint64();
}

bool has_type(const json::value& value, std::string_view type) {
    if (type == "string") return value.is_string();
    if (type == "integer") return is_whole(value);
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_bool();
    if (type == "array") return value.is_array();
    return type != "object" || value.is_object();
}

std::string listed(const json::array& items) {
    std::string text;
    for (const json::value& item : items)
        text += (text.empty() ? "" : ", ") + std::string(item.get_string());
    return text;
}

std::optional<std::string> misfit_of(const json::value& value, const json::value& schema) {
    const std::string type = text_of(schema, "type");
    if (!type.empty() && !has_type(value, type)) return "must be of the type " + type;
    const json::value& words = member(schema, "enum");
    if (words.is_array() && std::ranges::find(words.get_array(), value) == words.get_array().end())
        return "must be one of " + listed(words.get_array());
    if (!is_whole(value)) return std::nullopt;
    const json::value& least = member(schema, "minimum");
    const json::value& most = member(schema, "maximum");
    const auto number = value.to_number<double>();
    const bool small = least.is_number() && number < least.to_number<double>();
    const bool large = most.is_number() && number > most.to_number<double>();
    if (!small && !large) return std::nullopt;
    return "must be from " + compact_json(least) + " to " + compact_json(most);
}

}  // namespace

std::optional<std::string> misfit(const json::object& arguments, const json::object& schema,
                                  std::string_view tool) {
    const json::object& properties = schema.at("properties").get_object();
    for (const auto& [key, value] : arguments) {
        const json::value* const property = properties.if_contains(key);
        if (property == nullptr) {
            std::string names;
            for (const auto& each : properties)
                names += (names.empty() ? "" : ", ") + std::string(each.key());
            return "The tool " + std::string(tool) + " has no argument \"" + std::string(key) +
                   "\"; it takes " + (names.empty() ? "none" : names) + ".";
        }
        if (const auto why = misfit_of(value, *property))
            return std::string(key) + " " + *why + ".";
    }
    for (const json::value& name : schema.at("required").get_array()) {
        if (!arguments.contains(name.get_string()))
            return "The argument " + std::string(name.get_string()) + " is missing.";
    }
    return std::nullopt;
}

}  // namespace genspool::proto::mcp
