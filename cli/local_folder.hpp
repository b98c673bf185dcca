#pragma once

#include <filesystem>
#include <string>

#include "cli/failure.hpp"

namespace genspool::cli {

/// A file is named that may not be touched, or no folder is.
class OutsideFolder : public CommandFailed {
public:
    explicit OutsideFolder(const std::string& line) : CommandFailed(Exit::usage, line) {}
};

/// The folder of the user's beyond which a program that acts for somebody else touches no file.
class LocalFolder {
public:
    /// Empty: the current directory, unless `home` (empty: not known) lies in it, or is it.
    LocalFolder(std::string path, std::string home)
        : path_(std::move(path)), home_(std::move(home)) {}

    /// Where a path leads that begins there, links followed. Throws OutsideFolder where that is
    /// outside or hidden (a part of it begins with a dot), or there is no such folder.
    std::filesystem::path inside(const std::string& path) const;

private:
    std::string path_;
    std::string home_;
};

}  // namespace genspool::cli
