#include "tests/simulator/useapi/file_names.hpp"

#include <algorithm>
#include <boost/json/value.hpp>

namespace genspool::simulator::useapi {

namespace json = boost::json;

std::vector<NamedFile> files_named(const json::object& body) {
    std::vector<NamedFile> files;
    for (const auto& member : body) {
        const std::string_view field(member.key().data(), member.key().size());
        std::string lower(field);
        std::ranges::transform(lower, lower.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        const json::string* const id = member.value().if_string();
        if (id != nullptr && lower.find("fileid") != lower.npos)
            files.push_back({field, std::string(id->data(), id->size())});
    }
    return files;
}

std::string_view media_wanted(std::string_view field) {
    if (field.starts_with("video")) return "video/";
    return field.starts_with("audio") ? "audio/" : "image/";
}

}  // namespace genspool::simulator::useapi
