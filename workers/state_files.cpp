#include "workers/state_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace genspool::workers {

namespace fs = std::filesystem;

LocalStateFiles::LocalStateFiles(const std::string& directory)
    : directory_(directory), root_(directory, Resolve::automatic) {}

bool LocalStateFiles::has(const std::string& directory) const {
    return fs::is_directory(fs::path(directory_) / directory);
}

std::vector<std::string> LocalStateFiles::below(const std::string& directory) const {
    std::vector<std::string> paths;
    const fs::path top = fs::path(directory_) / directory;
    if (!has(directory)) return paths;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(top)) {
        if (entry.is_regular_file() && !entry.is_symlink())
            paths.push_back(entry.path().lexically_relative(directory_).string());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

FileResult<Descriptor> LocalStateFiles::open(const std::string& path) const {
    const FileResult<Place> place = root_.find(path);
    if (!place) return place.error();
    return LocalRoot::open_file(*place, O_RDONLY);
}

StateFiles::Size LocalStateFiles::size(const std::string& path) const {
    const FileResult<Descriptor> file = open(path);
    if (!file) return {file.error(), 0};
    struct stat status{};
    if (::fstat(file->get(), &status) != 0) return {file_error(errno), 0};
    return {{}, static_cast<std::uint64_t>(status.st_size)};
}

std::error_code LocalStateFiles::read(const std::string& path, const Piece& piece) const {
    const FileResult<Descriptor> file = open(path);
    if (!file) return file.error();
    std::string block(1U << 20U, '\0');
    while (true) {
        const ssize_t got = ::read(file->get(), block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return file_error(errno);
        if (got == 0) return {};
        piece(std::string_view(block).substr(0, static_cast<std::size_t>(got)));
    }
}

}  // namespace genspool::workers
