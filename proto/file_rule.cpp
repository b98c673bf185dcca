#include "proto/file_rule.hpp"

#include <algorithm>
#include <utility>

namespace genspool::proto {
namespace {

bool fits(const FileRule& rule, std::string_view media_type) {
    const std::size_t slash = media_type.find('/');
    if (slash == std::string_view::npos || media_type.substr(0, slash) != rule.family) return false;
    const std::string_view type = media_type.substr(slash + 1);
    return rule.types.empty() ||
           std::find(rule.types.begin(), rule.types.end(), type) != rule.types.end();
}

std::string wanted(const FileRule& rule) {
    std::string out(rule.family);
    for (std::size_t n = 0; n < rule.types.size(); ++n)
        out.append(n == 0 ? ", one of " : ", ").append(rule.types[n]);
    return out;
}

}  // namespace

Result<std::vector<FilePlace>> place_files(std::vector<Reference> references,
                                           const std::vector<FileField>& fields) {
    std::vector<FilePlace> places;
    for (Reference& reference : references) {
        const auto field = std::find_if(fields.begin(), fields.end(), [&](const FileField& each) {
            return each.path == reference.path;
        });
        if (field == fields.end()) {
            return Refused{
                "invalid", reference.path,
                reference.path + " takes no file, so neither $artifact nor $file can stand there"};
        }
        places.push_back({std::move(reference), field->rule});
    }
    return places;
}

Result<void> check_file(const FilePlace& place, const std::string& what,
                        std::string_view media_type, std::uint64_t bytes) {
    const std::string& path = place.reference.path;
    const std::string it = path + ": " + what;
    if (!fits(place.rule, media_type)) {
        return Refused{
            "input.type", path,
            it + " is of type " + std::string(media_type) + "; it must be " + wanted(place.rule)};
    }
    if (bytes >= place.rule.bytes_max) {
        return Refused{"input.size", path,
                       it + " has " + std::to_string(bytes) + " bytes; they must be fewer than " +
                           std::to_string(place.rule.bytes_max)};
    }
    return {};
}

}  // namespace genspool::proto
