#pragma once

#include <filesystem>
#include <string>

namespace genspool::cli {

/// The folder of the user's beyond which a program that acts for somebody else touches no file.
class LocalFolder {
public:
    /// Empty: the current directory, unless that is the whole computer.
    explicit LocalFolder(std::string path) : path_(std::move(path)) {}

    /// Where a path leads that begins there, links followed. Throws CommandFailed where that is
    /// outside, or there is no such folder.
    std::filesystem::path inside(const std::string& path) const;

private:
    std::string path_;
};

}  // namespace genspool::cli
