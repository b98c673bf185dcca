#include "cli/words.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "cli/json_reading.hpp"

namespace genspool::cli {
namespace {

/// Ten characters of an id are its time, three the salt; two more of its scrambled number make a
/// clash with a job admitted in the same millisecond one in 2^25.
constexpr std::size_t id_characters_min = 15;
constexpr std::size_t id_characters = 26;

}  // namespace

std::string span_text(std::chrono::seconds span) {
    constexpr std::int64_t minute = 60;
    constexpr std::int64_t hour = 60 * minute;
    constexpr std::int64_t day = 24 * hour;
    const auto seconds = std::max<std::int64_t>(span.count(), 0);
    if (seconds < 2 * minute) return std::to_string(seconds) + "s";
    if (seconds < 2 * hour) return std::to_string(seconds / minute) + "m";
    if (seconds < 2 * day) return std::to_string(seconds / hour) + "h";
    return std::to_string(seconds / day) + "d";
}

std::string age(std::string_view moment, proto::Instant now) {
    const auto at = proto::parse_rfc3339(moment);
    if (!at) return {};
    return span_text(std::chrono::floor<std::chrono::seconds>(now - *at));
}

std::string ahead(std::string_view moment, proto::Instant now) {
    const auto at = proto::parse_rfc3339(moment);
    if (!at) return {};
    if (*at <= now) return "now";
    return "in " + span_text(std::chrono::ceil<std::chrono::seconds>(*at - now));
}

std::string file_size(std::uint64_t bytes) {
    static constexpr std::array<const char*, 4> units = {"kB", "MB", "GB", "TB"};
    if (bytes < 1'000) return std::to_string(bytes) + " B";
    std::uint64_t tenths = bytes / 100;
    std::size_t unit = 0;
    while (tenths >= 10'000 && unit + 1 < units.size()) {
        tenths /= 1'000;
        ++unit;
    }
    const std::string fraction = tenths < 1'000 ? "." + std::to_string(tenths % 10) : std::string();
    return std::to_string(tenths / 10) + fraction + " " + units.at(unit);
}

std::string amount(const boost::json::value& cost, std::string_view name, bool zero) {
    std::string text = text_at(cost, name);
    if (text.empty() || (text == "0" && !zero)) return {};
    const std::string unit = text_at(cost, "unit");
    return unit.empty() ? text : text + " " + unit;
}

std::size_t short_id_length(const std::vector<std::string>& ids) {
    for (std::size_t length = id_characters_min; length < id_characters; ++length) {
        std::set<std::string_view> prefixes;
        for (const std::string& id : ids)
            prefixes.insert(std::string_view(id).substr(0, length));
        if (prefixes.size() == std::set<std::string_view>(ids.begin(), ids.end()).size())
            return length;
    }
    return id_characters;
}

proto::Instant wall_now() {
    return std::chrono::floor<proto::Duration>(std::chrono::system_clock::now());
}

}  // namespace genspool::cli
