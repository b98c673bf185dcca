#include "tests/simulator/files_in_request.hpp"

#include <boost/json.hpp>
#include <optional>
#include <string_view>

#include "tests/simulator/digest.hpp"

namespace genspool::simulator {
namespace {

namespace json = boost::json;

void collect(const json::value& value, std::string_view name, std::vector<std::string>& files) {
    if (const json::string* text = value.if_string()) {
        constexpr std::string_view marker = ";base64,";
        const std::string_view whole = *text;
        const std::size_t at = whole.starts_with("data:") ? whole.find(marker) : whole.npos;
        std::optional<std::string_view> encoded;
        if (at != whole.npos) encoded = whole.substr(at + marker.size());
        if (name == "audio_base64") encoded = whole;
        if (!encoded) return;
        const auto bytes = from_base64(*encoded);
        files.push_back(bytes ? sha256_hex(*bytes) : "no base64");
    } else if (const json::array* items = value.if_array()) {
        for (const json::value& item : *items)
            collect(item, {}, files);
    } else if (const json::object* fields = value.if_object()) {
        for (const auto& member : *fields)
            collect(member.value(), member.key(), files);
    }
}

}  // namespace

std::vector<std::string> files_in(const json::object& request) {
    std::vector<std::string> files;
    for (const auto& member : request)
        collect(member.value(), member.key(), files);
    return files;
}

}  // namespace genspool::simulator
