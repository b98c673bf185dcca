#include "cli/local_folder.hpp"

#include <system_error>

#include "cli/failure.hpp"

namespace genspool::cli {

namespace fs = std::filesystem;

fs::path LocalFolder::inside(const std::string& path) const {
    std::error_code error;
    const fs::path folder = fs::canonical(path_.empty() ? fs::path(".") : fs::path(path_), error);
    if (error || (path_.empty() && folder == folder.root_path()))
        throw CommandFailed(Exit::usage,
                            "files can be read and saved in one folder only, which `genspool mcp "
                            "--directory FOLDER` names");
    const fs::path place = fs::weakly_canonical(folder / path, error);
    const fs::path below = place.lexically_relative(folder);
    if (error || below.empty() || *below.begin() == "..")
        throw CommandFailed(Exit::usage, path + " lies outside " + folder.string() +
                                             ", where files can be read and saved");
    return place;
}

}  // namespace genspool::cli
