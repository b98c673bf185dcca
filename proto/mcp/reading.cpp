#include "proto/mcp/reading.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "proto/canonical_json.hpp"

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

const json::value nothing;

std::string scalar_text(const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_number() || value.is_bool()) return compact_json(value);
    return {};
}

}  // namespace

json::value read_json(const std::string& text) {
    json::error_code error;
    json::parse_options options;
    options.max_depth = 64;
    json::value value = json::parse(text, error, {}, options);
    return error ? json::value() : value;
}

const json::value& member(const json::value& object, std::string_view key) {
    const json::object* const members = object.if_object();
    const json::value* const found = members == nullptr ? nullptr : members->if_contains(key);
    return found == nullptr ? nothing : *found;
}

std::string text_of(const json::value& object, std::string_view key) {
    return scalar_text(member(object, key));
}

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* const found = object.if_contains(key);
    return found == nullptr ? std::string() : scalar_text(*found);
}

std::string encoded(std::string_view text) {
    return boost::urls::encode(boost::urls::string_view(text.data(), text.size()),
                               boost::urls::unreserved_chars);
}

}  // namespace genspool::proto::mcp
