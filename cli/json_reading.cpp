#include "cli/json_reading.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>

#include "cli/failure.hpp"

namespace genspool::cli {

namespace json = boost::json;

namespace {

/// Amounts and settings are small numbers: without an exponent where that stays short.
std::string plain(double number) {
    std::array<char, 64> digits{};
    const double size = std::abs(number);
    const bool fixed = size == 0 || (size > 1e-10 && size < 1e16);
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number,
                                   fixed ? std::chars_format::fixed : std::chars_format::general)
                         .ptr;
    std::string out(digits.data(), end);
    if (out.find_first_of(".e") == std::string::npos) out += ".0";  // it was no integer
    return out;
}

void append(std::string& out, const json::value& value);

void append(std::string& out, const json::object& object) {
    out += '{';
    for (const auto& member : object) {
        if (out.back() != '{') out += ',';
        out += json::serialize(json::string(member.key()));
        out += ':';
        append(out, member.value());
    }
    out += '}';
}

void append(std::string& out, const json::array& list) {
    out += '[';
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0) out += ',';
        append(out, list[i]);
    }
    out += ']';
}

void append(std::string& out, const json::value& value) {
    if (const auto* object = value.if_object()) return append(out, *object);
    if (const auto* list = value.if_array()) return append(out, *list);
    if (const auto* number = value.if_double()) {
        out += plain(*number);
    } else {
        out += json::serialize(value);
    }
}

}  // namespace

const json::value* value_at(const json::value& root, std::string_view path) {
    const json::value* here = &root;
    while (!path.empty()) {
        const auto* object = here->if_object();
        if (object == nullptr) return nullptr;
        const std::size_t dot = std::min(path.find('.'), path.size());
        here = object->if_contains(json::string_view(path.data(), dot));
        if (here == nullptr) return nullptr;
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return here->is_null() ? nullptr : here;
}

std::string text_at(const json::value& root, std::string_view path) {
    const json::value* value = value_at(root, path);
    if (value == nullptr || value->is_structured()) return {};
    if (const auto* text = value->if_string()) return std::string(text->data(), text->size());
    std::string out = to_text(*value);
    if (value->is_double() && out.ends_with(".0")) out.resize(out.size() - 2);
    return out;
}

std::uint64_t count_at(const json::value& root, std::string_view path) {
    const json::value* value = value_at(root, path);
    if (value == nullptr) return 0;
    json::error_code inexact;
    const auto number = value->to_number<std::uint64_t>(inexact);
    return inexact ? 0 : number;
}

bool flag_at(const json::value& root, std::string_view path) {
    const json::value* value = value_at(root, path);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::vector<json::value> list_at(const json::value& root, std::string_view path) {
    const json::value* value = value_at(root, path);
    const json::array* list = value == nullptr ? nullptr : value->if_array();
    if (list == nullptr) return {};
    return {list->begin(), list->end()};
}

json::value parse_reply(std::string_view body) {
    json::error_code error;
    json::parse_options bounds;
    bounds.max_depth = 128;
    json::value reply = json::parse(json::string_view(body.data(), body.size()), error, {}, bounds);
    if (error) {
        throw CommandFailed(Exit::unreachable,
                            "what answers is not the daemon: its reply is no JSON");
    }
    return reply;
}

std::string to_text(const json::value& value) {
    std::string out;
    append(out, value);
    return out;
}

std::string on_one_line(std::string text) {
    while (text.ends_with('\n'))
        text.pop_back();
    // Within JSON's strings a line break is always escaped, so those that are seen are mere layout.
    for (char& c : text) {
        if (c == '\n' || c == '\r') c = ' ';
    }
    return text;
}

}  // namespace genspool::cli
