#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/result.hpp"

/// Files inside a request that are not there yet: {"$artifact": "JOB/N"} or {"$file": "sha256:…"}
/// in the place of a text.
namespace genspool::proto {

inline constexpr std::string_view file_member = "$file";

/// What a request hands over at one place: the n-th artifact of another job, or a file that was
/// handed in before it.
struct Reference {
    std::string path;  ///< where it stands, as in "request.content[0].image_url.url"
    std::string job;   ///< an id, or the custom_id of an earlier line of the batch
    std::uint32_t n = 0;
    std::string sha256;  ///< of the file, in lower-case hex; then there is no job

    bool operator==(const Reference&) const = default;
};

/// Whether the value is one, well formed or not.
bool is_reference(const boost::json::value& value);

/// Those in a request, in the order in which they stand in its text. Refused: one that is malformed
/// or of a kind that is not known, and more than 20.
Result<std::vector<Reference>> find_references(const boost::json::object& request);

/// Calls visit(reference, path) for each in a request, well formed or not, in its order. `path`
/// begins as given.
void walk_references(
    boost::json::object& request, std::string path,
    const std::function<void(boost::json::value& reference, const std::string& path)>& visit);

/// What stands for a file in a request.
struct FileText {
    std::string text;
    bool number = false;  ///< a whole number of 64 bits, and no text
};

/// The request as JSON text with these in the places of its references, in the same order. Throws
/// std::logic_error unless there are as many, and for a number that is none.
std::string fill_references(boost::json::object request, std::vector<FileText> texts);

/// "sha256:" and 64 digits: how a file is named that was handed in.
std::string file_name_of(std::string_view sha256);
/// The 64 digits in lower case; nullopt: it is no such name.
std::optional<std::string> file_digest(std::string_view name);

}  // namespace genspool::proto
