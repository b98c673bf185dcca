#include "daemon/query.hpp"

#include <algorithm>
#include <charconv>

#include "proto/nearest_name.hpp"

namespace genspool::daemon {

std::optional<std::string> Query::text(std::string_view name) {
    known_.push_back(name);
    const std::string* const value = request_.parameter(name);
    return value == nullptr ? std::nullopt : std::optional(*value);
}

std::vector<std::string> Query::texts(std::string_view name) {
    known_.push_back(name);
    std::vector<std::string> values;
    for (const auto& [key, value] : request_.query) {
        if (key == name) values.push_back(value);
    }
    return values;
}

std::optional<std::uint64_t> Query::count(std::string_view name, std::uint64_t min,
                                          std::uint64_t max) {
    const auto written = text(name);
    if (!written) return std::nullopt;
    std::uint64_t value = 0;
    const char* const end = written->data() + written->size();
    const auto read = std::from_chars(written->data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end || value < min || value > max) {
        refuse(name, std::string(name) + " must be a whole number from " + std::to_string(min) +
                         " to " + std::to_string(max) + ".");
        return std::nullopt;
    }
    return value;
}

std::optional<proto::Micros> Query::amount(std::string_view name) {
    const auto written = text(name);
    if (!written) return std::nullopt;
    const auto value = proto::parse_micros(*written);
    if (!value) refuse(name, std::string(name) + " must be an amount such as 5.00.");
    return value;
}

bool Query::flag(std::string_view name) {
    const auto written = text(name);
    if (!written) return false;
    if (*written != "true" && *written != "false")
        refuse(name, std::string(name) + " must be true or false.");
    return *written == "true";
}

void Query::refuse(std::string_view name, std::string detail) {
    if (!problem_) problem_.emplace("invalid", std::move(detail), std::string(name));
}

std::optional<Problem> Query::finish() {
    for (const auto& [name, value] : request_.query) {
        if (std::ranges::find(known_, name) != known_.end()) continue;
        refuse(name,
               "There is no parameter " + name + " here" + proto::did_you_mean(name, known_) + ".");
    }
    return problem_;
}

}  // namespace genspool::daemon
