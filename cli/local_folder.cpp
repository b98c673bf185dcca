#include "cli/local_folder.hpp"

#include <algorithm>
#include <system_error>

namespace genspool::cli {

namespace fs = std::filesystem;

namespace {

/// Whether `place` is the folder or lies in it; both are canonical.
bool lies_in(const fs::path& place, const fs::path& folder) {
    const fs::path below = place.lexically_relative(folder);
    return !below.empty() && *below.begin() != "..";
}

bool is_hidden(const fs::path& part) {
    return part.native().starts_with('.') && part != ".";
}

}  // namespace

fs::path LocalFolder::inside(const std::string& path) const {
    std::error_code error;
    const fs::path folder = fs::canonical(path_.empty() ? fs::path(".") : fs::path(path_), error);
    std::error_code nowhere;  // a home that is not there lies in no folder
    const fs::path home = fs::canonical(home_, nowhere);
    const bool wide = folder == folder.root_path() || (!nowhere && lies_in(home, folder));
    if (error || (path_.empty() && wide))
        throw OutsideFolder(
            "files can be read and saved in one folder only, which `genspool mcp --directory "
            "FOLDER` names");
    const fs::path place = fs::weakly_canonical(folder / path, error);
    if (error || !lies_in(place, folder))
        throw OutsideFolder(path + " lies outside " + folder.string() +
                            ", where files can be read and saved");
    const fs::path below = place.lexically_relative(folder);
    if (std::ranges::any_of(below, is_hidden))
        throw OutsideFolder(path + " is hidden: its name, or that of a folder, begins with a dot");
    return place;
}

}  // namespace genspool::cli
