#include "proto/checker.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <limits>
#include <utility>

#include "proto/references.hpp"
#include "proto/utf8.hpp"

namespace genspool::proto {
namespace {

namespace json = boost::json;

std::string shown(const json::value& value) {
    if (value.is_object()) return "an object";
    if (value.is_array()) return "an array of length " + std::to_string(value.get_array().size());
    const std::string text = json::serialize(value);
    const std::string bounded = bounded_utf8(text, 60);
    return bounded.size() < text.size() ? bounded + "…" : bounded;
}

/// 0.5 as "0.5", 10 as "10".
std::string plain(double number) {
    std::string text = std::to_string(number);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

std::string range_of(Length count) {
    return count.min == count.max ? std::to_string(count.min)
                                  : std::to_string(count.min) + " to " + std::to_string(count.max);
}

template <class List, class Show>
std::string listed(const List& values, Show show) {
    std::string text;
    for (const auto& value : values)
        text += (text.empty() ? "" : ", ") + show(value);
    return text;
}

}  // namespace

Checker::Checker(const json::object& fields, std::string path, Findings& findings)
    : fields_(&fields), path_(std::move(path)), findings_(&findings) {}

const json::value* Checker::find(std::string_view name) const {
    const json::value* value = fields_->if_contains(name);
    return value != nullptr && !value->is_null() ? value : nullptr;
}

bool Checker::has(std::string_view name) const {
    return find(name) != nullptr;
}

std::string_view Checker::text(std::string_view name, std::string_view otherwise) const {
    const json::value* value = find(name);
    if (value == nullptr || !value->is_string()) return otherwise;
    return {value->get_string().data(), value->get_string().size()};
}

std::vector<std::string_view> Checker::texts(std::string_view name) const {
    std::vector<std::string_view> found;
    const json::value* value = find(name);
    const json::array* items = value != nullptr ? value->if_array() : nullptr;
    if (items == nullptr) return found;
    for (const json::value& item : *items) {
        found.emplace_back(item.is_string() ? std::string_view(item.get_string()) : "");
    }
    return found;
}

std::int64_t Checker::integer(std::string_view name, std::int64_t otherwise) const {
    const json::value* value = find(name);
    if (value == nullptr) return otherwise;
    boost::system::error_code ec;
    const auto number = value->to_number<std::int64_t>(ec);
    return ec ? otherwise : number;
}

double Checker::number(std::string_view name, double otherwise) const {
    const json::value* value = find(name);
    if (value == nullptr) return otherwise;
    boost::system::error_code ec;
    const auto number = value->to_number<double>(ec);
    return ec ? otherwise : number;
}

bool Checker::is_true(std::string_view name) const {
    const json::value* value = find(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::string Checker::path_of(std::string_view name) const {
    return path_ + "." + std::string{name};
}

void Checker::refuse(std::string_view code, std::string_view name, std::string message) {
    if (findings_->refused) return;
    findings_->refused = Refused{std::string{code}, path_of(name), std::move(message)};
}

void Checker::refuse_value(std::string_view name, std::string_view should) {
    const json::value* value = fields_->if_contains(name);
    refuse("invalid", name,
           path_of(name) + " is " + (value != nullptr ? shown(*value) : "absent") +
               "; it must be " + std::string{should});
}

void Checker::required(std::string_view name) {
    if (!has(name)) refuse("missing", name, path_of(name) + " is required");
}

void Checker::never_null(std::string_view name) {
    if (fields_->contains(name) && !has(name)) refuse_value(name, "left out rather than null");
}

void Checker::check_text(std::string_view name, Length length) {
    const json::value* value = find(name);
    if (value == nullptr) return;
    if (!value->is_string()) return refuse_value(name, "a text");
    const std::size_t count = code_points(text(name));
    if (count > length.max) {
        refuse("too_long", name,
               path_of(name) + " has " + std::to_string(count) + " characters; at most " +
                   std::to_string(length.max) + " are taken");
    } else if (count < length.min) {
        refuse("invalid", name,
               path_of(name) + " has " + std::to_string(count) + " characters; at least " +
                   std::to_string(length.min) + " are needed");
    }
}

void Checker::check_integer(std::string_view name, std::int64_t min, std::int64_t max) {
    const json::value* value = find(name);
    if (value == nullptr) return;
    boost::system::error_code ec;
    const auto number = value->to_number<std::int64_t>(ec);
    if (ec || number < min || number > max) {
        refuse_value(name, "an integer from " + std::to_string(min) + " to " + std::to_string(max));
    }
}

void Checker::check_integer_in(std::string_view name, std::initializer_list<std::int64_t> values) {
    const json::value* value = find(name);
    if (value == nullptr) return;
    boost::system::error_code ec;
    const auto number = value->to_number<std::int64_t>(ec);
    if (!ec && std::find(values.begin(), values.end(), number) != values.end()) return;
    refuse_value(name, "one of " + listed(values, [](auto n) { return std::to_string(n); }));
}

void Checker::check_number(std::string_view name, Range range) {
    const json::value* value = find(name);
    if (value == nullptr) return;
    boost::system::error_code ec;
    const auto number = value->to_number<double>(ec);
    const bool low = range.above_min ? number <= range.min : number < range.min;
    if (ec || !std::isfinite(number) || low || number > range.max) {
        refuse_value(name, std::string{"a number "} + (range.above_min ? "above " : "from ") +
                               plain(range.min) + (range.above_min ? " and at most " : " to ") +
                               plain(range.max));
    }
}

void Checker::check_bool(std::string_view name) {
    const json::value* value = find(name);
    if (value != nullptr && !value->is_bool()) refuse_value(name, "true or false");
}

void Checker::check_word(std::string_view name, std::initializer_list<std::string_view> words) {
    check_word(name, std::span(words.begin(), words.size()));
}

void Checker::check_word(std::string_view name, std::span<const std::string_view> words) {
    const json::value* value = find(name);
    if (value == nullptr) return;
    const bool known =
        value->is_string() && std::find(words.begin(), words.end(), text(name)) != words.end();
    if (known) return;
    refuse_value(name, "one of " + listed(words, [](auto word) { return std::string{word}; }));
}

void Checker::check_texts(std::string_view name, Length count) {
    const json::value* value = find(name);
    if (value == nullptr) return;
    const json::array* items = value->if_array();
    const bool texts =
        items != nullptr && std::all_of(items->begin(), items->end(), [](const json::value& item) {
            return is_reference(item) || (item.is_string() && !item.get_string().empty());
        });
    if (!texts) return refuse_value(name, "an array of texts");
    if (items->size() < count.min || items->size() > count.max)
        refuse_value(name, "an array of length " + range_of(count));
}

bool Checker::takes_reference(std::string_view name, const FileRule& rule) {
    const json::value* value = find(name);
    if (value == nullptr || !is_reference(*value)) return false;
    findings_->files.push_back({path_of(name), rule});
    return true;
}

bool Checker::takes_reference(std::string_view name, std::size_t n, const FileRule& rule) {
    const json::value* value = find(name);
    const json::array* items = value != nullptr ? value->if_array() : nullptr;
    if (items == nullptr || n >= items->size() || !is_reference((*items)[n])) return false;
    findings_->files.push_back({path_of(name) + "[" + std::to_string(n) + "]", rule});
    return true;
}

void Checker::check_file_id(std::string_view name, const FileRule& rule) {
    if (takes_reference(name, rule)) return;
    check_integer(name, 1, std::numeric_limits<std::int64_t>::max());
    if (has(name)) note_thing(name, Thing::Kind::file, std::to_string(integer(name, 0)));
}

void Checker::note_thing(std::string_view name, Thing::Kind kind, std::string_view id) {
    if (!id.empty()) findings_->names.push_back({{kind, std::string{id}}, path_of(name)});
}

std::vector<Checker> Checker::check_words(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr || value->is_string()) return {};
    if (value->is_array() && !value->get_array().empty()) return objects(name, {1});
    refuse_value(name, "a text, or an array that is not empty");
    return {};
}

void Checker::not_available(std::string_view name, std::string_view why) {
    if (has(name)) refuse("not_available", name, path_of(name) + " " + std::string{why});
}

std::optional<Checker> Checker::object(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (const json::object* fields = value->if_object()) {
        return Checker{*fields, path_of(name), *findings_};
    }
    refuse_value(name, "an object");
    return std::nullopt;
}

std::vector<Checker> Checker::objects(std::string_view name, Length count) {
    const json::value* value = find(name);
    if (value == nullptr) return {};
    const json::array* items = value->if_array();
    if (items == nullptr || items->size() < count.min || items->size() > count.max) {
        refuse_value(name, "an array of length " + range_of(count));
        return {};
    }
    std::vector<Checker> checkers;
    for (std::size_t i = 0; i < items->size(); ++i) {
        const std::string item = std::string{name} + "[" + std::to_string(i) + "]";
        if (const json::object* fields = (*items)[i].if_object()) {
            checkers.emplace_back(*fields, path_of(item), *findings_);
        } else {
            refuse("invalid", item, path_of(item) + " must be an object");
        }
    }
    return checkers;
}

}  // namespace genspool::proto
