#include "proto/request_check.hpp"

#include <array>
#include <boost/json.hpp>
#include <cmath>

namespace genspool::proto {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> owned = {"callback_url", "replyUrl", "replyRef"};

std::optional<Refused> value_fault(const json::value& value, std::string& path);

std::optional<Refused> object_fault(const json::object& object, std::string& path) {
    const std::size_t length = path.size();
    for (const auto& member : object) {
        if (!member.value().is_structured() && !member.value().is_double()) continue;
        path.append(".").append(member.key());
        if (auto fault = value_fault(member.value(), path)) return fault;
        path.resize(length);
    }
    return std::nullopt;
}

std::optional<Refused> array_fault(const json::array& array, std::string& path) {
    const std::size_t length = path.size();
    for (std::size_t i = 0; i < array.size(); ++i) {
        if (!array[i].is_structured() && !array[i].is_double()) continue;
        path.append("[").append(std::to_string(i)).append("]");
        if (auto fault = value_fault(array[i], path)) return fault;
        path.resize(length);
    }
    return std::nullopt;
}

/// `path` is where the value stands, and is so again on return unless there is a fault.
std::optional<Refused> value_fault(const json::value& value, std::string& path) {
    if (value.is_object()) return object_fault(value.get_object(), path);
    if (value.is_array()) return array_fault(value.get_array(), path);
    if (value.is_double() && !std::isfinite(value.get_double())) {
        return Refused{"invalid", path, path + " is a number too large for any program"};
    }
    return std::nullopt;
}

}  // namespace

std::optional<Refused> request_fault(const json::object& request) {
    for (const std::string_view name : owned) {
        if (!request.contains(name)) continue;
        const std::string field = "request." + std::string(name);
        return Refused{"owned_by_genspool", field,
                       field + " is set by genspool itself and cannot be given"};
    }
    std::string path = "request";
    return object_fault(request, path);
}

}  // namespace genspool::proto
