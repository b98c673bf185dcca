#include "workers/local_listing.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <memory>
#include <system_error>
#include <utility>

namespace genspool::workers {

namespace {

enum class Entry : std::uint8_t { directory, other };

/// Not every file system says what an entry is.
Entry kind_of(const dirent& entry, DIR* directory) {
    if (entry.d_type == DT_DIR) return Entry::directory;
    if (entry.d_type != DT_UNKNOWN) return Entry::other;
    struct stat status = {};
    const int failed = ::fstatat(::dirfd(directory), entry.d_name, &status, AT_SYMLINK_NOFOLLOW);
    return failed == 0 && S_ISDIR(status.st_mode) ? Entry::directory : Entry::other;
}

void for_entries(const LocalRoot& root, const std::string& path,
                 const std::function<void(std::string_view name, Entry kind)>& see) {
    auto directory = root.open_directory(path);
    if (directory.has_error()) {
        if (directory.error() == std::errc::no_such_file_or_directory) return;
        throw std::system_error(directory.error(), "cannot list " + path);
    }
    const auto close = [](DIR* stream) { ::closedir(stream); };
    const std::unique_ptr<DIR, decltype(close)> stream(::fdopendir(directory->get()), close);
    if (!stream) throw std::system_error(file_error(errno), "cannot list " + path);
    directory->release();
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") see(name, kind_of(*entry, stream.get()));
        errno = 0;
    }
    if (errno != 0) throw std::system_error(file_error(errno), "cannot list " + path);
}

}  // namespace

std::vector<std::string> names_in(const LocalRoot& root, const std::string& path) {
    std::vector<std::string> found;
    for_entries(root, path, [&](std::string_view name, Entry) { found.emplace_back(name); });
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<std::string> files_ending(const LocalRoot& root, const std::string& path,
                                      std::string_view ending) {
    std::vector<std::string> found;
    std::vector<std::string> directories{path};
    while (!directories.empty()) {
        const std::string here = std::move(directories.back());
        directories.pop_back();
        for_entries(root, here, [&](std::string_view name, Entry kind) {
            std::string full = here + "/" + std::string(name);
            if (kind == Entry::directory) {
                directories.push_back(std::move(full));
            } else if (name.ends_with(ending)) {
                found.push_back(std::move(full));
            }
        });
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace genspool::workers
