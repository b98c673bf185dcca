#include "proto/upstream_text.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/grammar/lut_chars.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <charconv>

namespace genspool::proto {

namespace json = boost::json;

namespace {

constexpr std::size_t id_bytes_max = 256;

}  // namespace

std::string text_or_number(const json::object& fields, std::string_view name) {
    const json::value* value = fields.if_contains(name);
    if (value == nullptr) return {};
    if (const json::string* text = value->if_string()) return {text->data(), text->size()};
    if (const std::int64_t* number = value->if_int64()) return std::to_string(*number);
    if (const std::uint64_t* number = value->if_uint64()) return std::to_string(*number);
    return {};
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [behind, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || behind != end) return std::nullopt;
    return number;
}

const json::object* object_member(const json::object& fields, std::string_view name) {
    const json::value* value = fields.if_contains(name);
    return value != nullptr ? value->if_object() : nullptr;
}

bool is_usable_id(std::string_view id) {
    return !id.empty() && id != "0" && id.size() <= id_bytes_max;
}

bool is_link(std::string_view text) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (text.starts_with(scheme) && text.size() > scheme.size()) return true;
    }
    return false;
}

std::string lower(std::string_view text) {
    std::string result{text};
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::string encoded(std::string_view text) {
    return boost::urls::encode(text, boost::urls::unreserved_chars);
}

std::string encoded_id(std::string_view id) {
    return boost::urls::encode(
        id, boost::urls::unreserved_chars + boost::urls::grammar::lut_chars(":@"));
}

}  // namespace genspool::proto
