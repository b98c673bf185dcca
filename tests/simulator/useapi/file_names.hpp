#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace genspool::simulator::useapi {

/// A file that a request names.
struct NamedFile {
    std::string_view field;
    std::string id;
};

/// The files that a request names, in the order in which they stand there.
std::vector<NamedFile> files_named(const boost::json::object& body);

/// What a file of that field must be: "image/", "video/", "audio/".
std::string_view media_wanted(std::string_view field);

}  // namespace genspool::simulator::useapi
