#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "cli/daemon.hpp"

namespace genspool::cli {

/// Local files that jobs name, {"$file": "photos/a.png"}: each is handed in to the daemon before
/// the job is, and named by its hash from there on.
class InputFiles {
public:
    /// `directory`: where relative paths begin; empty: the current one.
    InputFiles(Daemon& daemon, std::filesystem::path directory)
        : daemon_(daemon), directory_(std::move(directory)) {}

    /// A job's text, or a batch line's, or that of an array of them, with its files handed in.
    /// Throws CommandFailed where one cannot be read, or is not taken.
    std::string hand_in(std::string text);

    /// Bytes of which there is no file; how they are named from there on.
    std::string hand_in(std::string_view bytes, std::string_view media_type);

private:
    std::string send(const std::filesystem::path& path);

    Daemon& daemon_;
    std::filesystem::path directory_;
    std::map<std::string, std::string> known_;  ///< path: name
};

}  // namespace genspool::cli
