#include "tests/support/json_schema.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <regex>
#include <stdexcept>

#include "proto/utf8.hpp"

namespace genspool::tests {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 10> annotations = {
    "description", "default", "examples", "title",           "$schema",
    "$id",         "$defs",   "$comment", "contentEncoding", "contentMediaType"};

/// One value held against one schema, and what is in them.
class Check {
public:
    Check(const json::value& document, bool exact) : document_(document), exact_(exact) {}

    std::string fault(const json::value& value, const json::value& schema,
                      const std::string& at) const {
        if (schema.is_bool()) return schema.get_bool() ? "" : at + " must not be there";
        for (const auto& [keyword, rule] : schema.as_object()) {
            std::string found = keyword_fault(value, keyword, rule, schema.get_object(), at);
            if (!found.empty()) return found;
        }
        const bool listed = schema.get_object().contains("properties") &&
                            !schema.get_object().contains("additionalProperties");
        return exact_ && listed && value.is_object()
                   ? others_fault(value.get_object(), schema.get_object(), false, at)
                   : "";
    }

private:
    std::string keyword_fault(const json::value& value, std::string_view keyword,
                              const json::value& rule, const json::object& schema,
                              const std::string& at) const {
        if (std::ranges::find(annotations, keyword) != annotations.end()) return {};
        if (keyword == "$ref")
            return fault(value, document_.at_pointer(rule.as_string().subview(1)), at);
        if (keyword == "anyOf" || keyword == "oneOf")
            return one_fault(value, rule.as_array(), keyword == "oneOf", at);
        if (keyword == "enum" || keyword == "const") {
            const bool fits = keyword == "const" ? rule == value
                                                 : std::ranges::find(rule.as_array(), value) !=
                                                       rule.as_array().end();
            return fits ? "" : at + " is none of those: " + json::serialize(value);
        }
        if (keyword == "type")
            return has_type(value, rule) ? ""
                                         : at + " has the wrong type: " + json::serialize(value);
        if (keyword == "minimum" || keyword == "maximum")
            return number_fault(value, keyword, rule, at);
        if (keyword.ends_with("Length") || keyword == "pattern" || keyword == "format")
            return text_fault(value, keyword, rule, at);
        if (keyword.ends_with("Items") || keyword == "items")
            return array_fault(value, keyword, rule, at);
        return object_fault(value, keyword, rule, schema, at);
    }

    std::string one_fault(const json::value& value, const json::array& choices, bool one,
                          const std::string& at) const {
        std::size_t fits = 0;
        std::string why;
        for (const json::value& choice : choices) {
            const std::string found = fault(value, choice, at);
            fits += found.empty() ? 1 : 0;
            why += found.empty() ? "" : (why.empty() ? "" : "; ") + found;
        }
        if (fits == 1 || (fits > 1 && !one)) return {};
        return fits > 1 ? at + " fits more than one" : at + " fits none (" + why + ")";
    }

    static bool has_type(const json::value& value, const json::value& rule) {
        if (rule.is_array())
            return std::ranges::any_of(rule.get_array(),
                                       [&](const auto& each) { return has_type(value, each); });
        const std::string_view type = rule.as_string();
        if (type == "object") return value.is_object();
        if (type == "array") return value.is_array();
        if (type == "string") return value.is_string();
        if (type == "boolean") return value.is_bool();
        if (type == "null") return value.is_null();
        if (type == "integer") return value.is_int64() || value.is_uint64();
        if (type == "number") return value.is_number();
        throw std::logic_error("no such type: " + std::string(type));
    }

    static std::string number_fault(const json::value& value, std::string_view keyword,
                                    const json::value& rule, const std::string& at) {
        if (!value.is_number()) return {};
        const double number = value.to_number<double>();
        const double bound = rule.to_number<double>();
        const bool fits = keyword == "minimum" ? number >= bound : number <= bound;
        return fits ? "" : at + " is out of range: " + json::serialize(value);
    }

    static std::string text_fault(const json::value& value, std::string_view keyword,
                                  const json::value& rule, const std::string& at) {
        if (!value.is_string()) return {};
        const std::string text(value.get_string());
        bool fits = true;
        if (keyword == "minLength")
            fits = proto::code_points(text) >= rule.to_number<std::size_t>();
        else if (keyword == "maxLength")
            fits = proto::code_points(text) <= rule.to_number<std::size_t>();
        else if (keyword == "pattern")
            fits = std::regex_search(text, std::regex(std::string(rule.as_string())));
        else if (rule == "date-time")
            fits = std::regex_match(text, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)"));
        else if (rule == "date")
            fits = std::regex_match(text, std::regex(R"(\d{4}-\d\d-\d\d)"));
        else
            throw std::logic_error("no such format: " + json::serialize(rule));
        return fits ? "" : at + " breaks " + std::string(keyword) + ": " + text;
    }

    std::string array_fault(const json::value& value, std::string_view keyword,
                            const json::value& rule, const std::string& at) const {
        if (!value.is_array()) return {};
        const json::array& list = value.get_array();
        if (keyword == "minItems" || keyword == "maxItems") {
            const auto bound = rule.to_number<std::size_t>();
            const bool fits = keyword == "minItems" ? list.size() >= bound : list.size() <= bound;
            return fits ? "" : at + " has the wrong length";
        }
        if (keyword != "items") throw std::logic_error("no such keyword: " + std::string(keyword));
        for (std::size_t n = 0; n < list.size(); ++n) {
            std::string found = fault(list[n], rule, at + "[" + std::to_string(n) + "]");
            if (!found.empty()) return found;
        }
        return {};
    }

    std::string object_fault(const json::value& value, std::string_view keyword,
                             const json::value& rule, const json::object& schema,
                             const std::string& at) const {
        constexpr std::array<std::string_view, 6> known = {
            "required",      "properties",    "additionalProperties",
            "propertyNames", "minProperties", "maxProperties"};
        if (std::ranges::find(known, keyword) == known.end())
            throw std::logic_error("no such keyword: " + std::string(keyword));
        if (!value.is_object()) return {};
        const json::object& object = value.get_object();
        if (keyword == "required") {
            for (const json::value& name : rule.as_array())
                if (!object.contains(name.as_string()))
                    return at + " lacks " + std::string(name.as_string());
            return {};
        }
        if (keyword == "additionalProperties") return others_fault(object, schema, rule, at);
        if (keyword == "minProperties" || keyword == "maxProperties") {
            const auto bound = rule.to_number<std::size_t>();
            const bool fits =
                keyword == "minProperties" ? object.size() >= bound : object.size() <= bound;
            return fits ? "" : at + " has the wrong number of members";
        }
        for (const auto& [name, member] : object) {
            const std::string there = at + "." + std::string(name);
            std::string found;
            if (keyword == "propertyNames")
                found = fault(json::value(name), rule, there);
            else if (const json::value* const own = rule.as_object().if_contains(name))
                found = fault(member, *own, there);
            if (!found.empty()) return found;
        }
        return {};
    }

    /// Members that "properties" does not list.
    std::string others_fault(const json::object& object, const json::object& schema,
                             const json::value& rule, const std::string& at) const {
        const json::value* const listed = schema.if_contains("properties");
        for (const auto& [name, member] : object) {
            if (listed != nullptr && listed->as_object().contains(name)) continue;
            std::string found = fault(member, rule, at + "." + std::string(name));
            if (!found.empty()) return found;
        }
        return {};
    }

    const json::value& document_;
    bool exact_;
};

}  // namespace

std::string JsonSchema::fault(const json::value& value, const json::value& schema) const {
    return Check(document_, exact_).fault(value, schema, "value");
}

std::string JsonSchema::fault_at(const json::value& value, const std::string& place) const {
    return fault(value, document_.at_pointer(place.substr(1)));
}

}  // namespace genspool::tests
