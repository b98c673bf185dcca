#include "proto/json_fields.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

#include "proto/canonical_json.hpp"
#include "proto/nearest_name.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto {
namespace {

namespace json = boost::json;

constexpr std::size_t shown_bytes_max = 60;
constexpr double amount_limit = 1e9;

/// A double was parsed from text that we no longer have; the shortest decimal that means it is that
/// text for every amount with up to 15 digits.
std::optional<Micros> amount_of(double number) {
    if (!(number >= 0 && number < amount_limit)) return std::nullopt;
    std::array<char, 48> text{};  // what does not fit has far more than six decimals
    const auto written =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    if (written.ec != std::errc{}) return std::nullopt;
    return parse_micros({text.data(), static_cast<std::size_t>(written.ptr - text.data())});
}

}  // namespace

const json::value* JsonFields::find(std::string_view name) const {
    const json::value* value = object_.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<std::string> JsonFields::text(std::string_view name, std::size_t min,
                                            std::size_t max) {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) {
        refuse_value(name, "a string", *value);
        return std::nullopt;
    }
    const std::string_view string = value->get_string();
    const std::size_t length = code_points(string);
    if (length < min || length > max) {
        refuse(length > max ? "too_long" : "invalid", name,
               std::string(name) + " must have " + std::to_string(min) + " to " +
                   std::to_string(max) + " characters, not " + std::to_string(length));
        return std::nullopt;
    }
    if (!is_printable(string)) {
        refuse("invalid", name, std::string(name) + " must not contain control characters");
        return std::nullopt;
    }
    return std::string(string);
}

std::optional<std::int64_t> JsonFields::integer(std::string_view name, std::int64_t min,
                                                std::int64_t max) {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    boost::system::error_code ec;
    const auto number = value->to_number<std::int64_t>(ec);
    if (ec || number < min || number > max) {
        refuse_value(name, "an integer from " + std::to_string(min) + " to " + std::to_string(max),
                     *value);
        return std::nullopt;
    }
    return number;
}

std::optional<Micros> JsonFields::amount(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto amount = read_amount(*value);
    if (!amount) {
        refuse_value(name, "a decimal from 0 to 999999999 with at most six decimals", *value);
    }
    return amount;
}

std::optional<Instant> JsonFields::moment(std::string_view name, Instant now) {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto moment =
        value->is_string() ? parse_moment(value->get_string(), now) : std::optional<Instant>{};
    if (!moment) {
        refuse_value(name,
                     "a time such as \"2026-12-01T08:00:00Z\", or a span from now such as \"+6h\"",
                     *value);
    }
    return moment;
}

const json::object* JsonFields::object(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_object()) refuse_value(name, "an object", *value);
    return value->if_object();
}

void JsonFields::refuse_unknown(std::span<const std::string_view> known) {
    for (const auto& member : object_) {
        const std::string_view name = member.key();
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        refuse("unknown_field", name,
               "unknown field " + shown(json::value(name)) + did_you_mean(name, known));
        return;
    }
}

void JsonFields::refuse(std::string_view code, std::string_view field, std::string message) {
    if (refused_) return;
    refused_ = Refused{std::string(code), std::string(field), std::move(message)};
}

void JsonFields::refuse_value(std::string_view field, std::string_view rule,
                              const json::value& value) {
    refuse("invalid", field,
           std::string(field) + " must be " + std::string(rule) + ", not " + shown(value));
}

std::optional<Micros> read_amount(const json::value& value) {
    switch (value.kind()) {
        case json::kind::string:
            return parse_micros(value.get_string());
        case json::kind::int64:
            return parse_micros(std::to_string(value.get_int64()));
        case json::kind::double_:
            return amount_of(value.get_double());
        default:
            return std::nullopt;
    }
}

std::string shown(const json::value& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "an array";
    if (value.is_double() && !(std::abs(value.get_double()) < 1e300)) return "too large a number";
    std::string text = compact_json(value);
    if (text.size() <= shown_bytes_max) return text;
    return bounded_utf8(text, shown_bytes_max) + "…";
}

bool is_printable(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

}  // namespace genspool::proto
