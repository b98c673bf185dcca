#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace genspool::proto {

/// A file that a job names by its path on some computer.
struct FileName {
    std::string path;  ///< where it stands in the job, as in "request.first_frame_image"
    std::string name;  ///< "photos/a.png"; to be replaced by how the daemon knows the file
};

/// The files that a job's text names by paths, {"$file": "photos/a.png"}, before it is handed in.
/// Those that are named by their hash are none of them. A text that is no job has none. Stays where
/// it was made.
class FileNames {
public:
    /// `text` is a job object, an OpenAI/MiniMax batch line, or an array of such.
    explicit FileNames(std::string_view text);

    FileNames(const FileNames&) = delete;
    FileNames& operator=(const FileNames&) = delete;

    /// In the order of the text; renamed by whoever hands them in.
    std::vector<FileName>& paths() { return paths_; }

    /// The text with these names in it.
    std::string renamed();

private:
    void look(boost::json::value& job, const std::string& where);

    boost::json::value text_;
    std::vector<FileName> paths_;
    std::vector<boost::json::value*> places_;
};

}  // namespace genspool::proto
