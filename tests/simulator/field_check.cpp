#include "tests/simulator/field_check.hpp"

#include <algorithm>
#include <boost/json/value.hpp>

namespace genspool::simulator {
namespace {

namespace json = boost::json;

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

}  // namespace

FieldCheck& FieldCheck::fail(std::string_view name, std::string_view what) {
    if (!problem_) problem_ = std::string(name) + " " + std::string(what);
    return *this;
}

FieldCheck& FieldCheck::need_text(std::string_view name, std::size_t characters_max) {
    if (text_field(body_, name).empty()) return fail(name, "is required");
    return may_text(name, characters_max);
}

FieldCheck& FieldCheck::may_text(std::string_view name, std::size_t characters_max) {
    const auto* value = body_.if_contains(name);
    if (value == nullptr) return *this;
    if (!value->is_string()) return fail(name, "is not a string");
    if (characters(text_field(body_, name)) > characters_max) return fail(name, "is too long");
    return *this;
}

FieldCheck& FieldCheck::need_family(std::string_view name,
                                    std::initializer_list<std::string_view> prefixes) {
    const auto text = text_field(body_, name);
    if (text.empty()) return fail(name, "is required");
    const bool known = std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) {
        return text.starts_with(prefix);
    });
    return known ? *this : fail(name, "is not known here");
}

FieldCheck& FieldCheck::may_word(std::string_view name,
                                 std::initializer_list<std::string_view> words) {
    if (!body_.contains(name)) return *this;
    const auto text = text_field(body_, name);
    const bool known = std::find(words.begin(), words.end(), text) != words.end();
    return known ? *this : fail(name, "has no such value");
}

FieldCheck& FieldCheck::may_whole(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto* value = body_.if_contains(name);
    if (value == nullptr) return *this;
    const auto* number = value->if_int64();
    if (number == nullptr) return fail(name, "is not a whole number");
    return *number >= least && *number <= most ? *this : fail(name, "is out of range");
}

FieldCheck& FieldCheck::may_flag(std::string_view name) {
    const auto* value = body_.if_contains(name);
    return value == nullptr || value->is_bool() ? *this : fail(name, "is not true or false");
}

FieldCheck& FieldCheck::require(bool holds, std::string_view otherwise) {
    if (!holds && !problem_) problem_ = std::string(otherwise);
    return *this;
}

std::string_view text_field(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string_view{} : std::string_view(text->data(), text->size());
}

std::int64_t whole_field(const json::object& body, std::string_view name, std::int64_t otherwise) {
    const auto* value = body.if_contains(name);
    const auto* number = value == nullptr ? nullptr : value->if_int64();
    return number == nullptr ? otherwise : *number;
}

bool flag_field(const json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace genspool::simulator
