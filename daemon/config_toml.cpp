#include "daemon/config_toml.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "proto/nearest_name.hpp"

namespace genspool::daemon {
namespace {

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec != std::errc{}) return std::nullopt;
    const std::string_view unit(read.ptr, static_cast<std::size_t>(end - read.ptr));
    constexpr std::string_view units = "KMGT";
    if (unit.empty()) return number;
    const std::size_t power = units.find(unit.front());
    if (unit.size() != 1 || power == std::string_view::npos) return std::nullopt;
    const unsigned shift = 10U * (static_cast<unsigned>(power) + 1U);
    if (number > (UINT64_MAX >> shift)) return std::nullopt;
    return number << shift;
}

std::string joined(const std::vector<std::string_view>& words) {
    std::string out;
    for (const std::string_view each : words)
        out += (out.empty() ? "\"" : ", \"") + std::string(each) + "\"";
    return out;
}

}  // namespace

void ConfigErrors::add(std::uint32_t line, std::string key, std::string message) {
    list.push_back({file, line, std::move(key), std::move(message)});
}

TableReader::TableReader(const toml::table& table, std::string path, ConfigErrors& errors)
    : table_(table), path_(std::move(path)), errors_(errors) {}

std::string TableReader::path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

std::uint32_t TableReader::line_of(std::string_view key) const {
    const auto found = table_.find(key);
    return found == table_.end() ? table_.source().begin.line : found->first.source().begin.line;
}

void TableReader::refuse(std::string_view key, std::string message) {
    errors_.add(line_of(key), path_of(key), std::move(message));
}

const toml::node* TableReader::node(std::string_view key) {
    known_.push_back(key);
    return table_.get(key);
}

std::optional<std::string> TableReader::text(std::string_view key) {
    const toml::node* const found = node(key);
    if (found == nullptr) return std::nullopt;
    const auto* const value = found->as_string();
    if (value == nullptr) {
        refuse(key, "must be a text in quotes");
        return std::nullopt;
    }
    return value->get();
}

std::optional<bool> TableReader::flag(std::string_view key) {
    const toml::node* const found = node(key);
    if (found == nullptr) return std::nullopt;
    const auto* const value = found->as_boolean();
    if (value == nullptr) {
        refuse(key, "must be true or false");
        return std::nullopt;
    }
    return value->get();
}

std::optional<std::uint64_t> TableReader::count(std::string_view key, std::uint64_t min,
                                                std::uint64_t max) {
    const toml::node* const found = node(key);
    if (found == nullptr) return std::nullopt;
    const auto* const value = found->as_integer();
    if (value == nullptr || value->get() < 0 || static_cast<std::uint64_t>(value->get()) < min ||
        static_cast<std::uint64_t>(value->get()) > max) {
        refuse(key,
               "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(value->get());
}

std::optional<std::uint64_t> TableReader::bytes(std::string_view key, std::uint64_t min,
                                                std::uint64_t max) {
    const toml::node* const found = node(key);
    if (found == nullptr) return std::nullopt;
    std::optional<std::uint64_t> value;
    if (const auto* const number = found->as_integer(); number != nullptr && number->get() >= 0)
        value = static_cast<std::uint64_t>(number->get());
    if (const auto* const written = found->as_string()) value = parse_bytes(written->get());
    if (!value || *value < min || *value > max) {
        refuse(key, "must be a number of bytes from " + std::to_string(min) + " to " +
                        std::to_string(max) + R"(, as in 1048576, "64M" or "2G")");
        return std::nullopt;
    }
    return value;
}

std::optional<proto::Micros> TableReader::amount(std::string_view key) {
    const toml::node* const found = node(key);
    if (found == nullptr) return std::nullopt;
    const auto micros = read_micros(*found);
    if (!micros) refuse(key, "must be an amount with at most six decimals, as in 0.49");
    return micros;
}

std::optional<proto::Duration> TableReader::duration(std::string_view key, proto::Duration min,
                                                     proto::Duration max) {
    const auto written = text(key);
    if (!written) return std::nullopt;
    const auto value = proto::parse_duration(*written);
    if (!value || *value < min || *value > max) {
        refuse(key, "must be a time from \"" + proto::format_duration(min) + "\" to \"" +
                        proto::format_duration(max) + R"(", as in "500ms", "15m" or "30d")");
        return std::nullopt;
    }
    return value;
}

std::optional<std::string> TableReader::word(std::string_view key,
                                             const std::vector<std::string_view>& words) {
    auto value = text(key);
    if (!value || std::ranges::find(words, *value) != words.end()) return value;
    refuse(key,
           "\"" + *value + "\" is none of " + joined(words) + proto::did_you_mean(*value, words));
    return std::nullopt;
}

const toml::table* TableReader::table(std::string_view key) {
    const toml::node* const found = node(key);
    if (found == nullptr) return nullptr;
    if (found->as_table() == nullptr) refuse(key, "must be a table");
    return found->as_table();
}

const toml::array* TableReader::array(std::string_view key) {
    const toml::node* const found = node(key);
    if (found == nullptr) return nullptr;
    if (found->as_array() == nullptr) refuse(key, "must be a list in brackets");
    return found->as_array();
}

void TableReader::not_available(std::string_view key, std::string_view why) {
    if (table_.get(key) == nullptr) return;
    known_.push_back(key);
    refuse(key, "not_available: " + std::string(why));
}

void TableReader::finish() {
    for (const std::string_view key : known_)
        errors_.known.insert(path_of(key));
    for (const auto& [key, value] : table_) {
        const std::string name(key.str());
        if (std::ranges::find(known_, name) != known_.end()) continue;
        errors_.add(key.source().begin.line, path_of(name),
                    "unknown key" + proto::did_you_mean(name, known_));
    }
}

std::optional<proto::Micros> read_micros(const toml::node& node) {
    if (const auto* const written = node.as_string()) return proto::parse_micros(written->get());
    if (const auto* const whole = node.as_integer())
        return proto::parse_micros(std::to_string(whole->get()));
    const auto* const decimal = node.as_floating_point();
    if (decimal == nullptr) return std::nullopt;
    std::array<char, 400> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), decimal->get(),
                                       std::chars_format::fixed);
    if (written.ec != std::errc{}) return std::nullopt;
    return proto::parse_micros({digits.data(), written.ptr});
}

}  // namespace genspool::daemon
