#include "daemon/inbox_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

#include "queue/kill_point.hpp"

namespace genspool::daemon {

using workers::Descriptor;

void throw_errno(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

Descriptor open_directory(const std::string& path) {
    std::filesystem::create_directories(path);
    Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.open()) throw_errno(path);
    return directory;
}

void sync_directory(const Descriptor& directory) {
    if (::fsync(directory.get()) != 0) throw_errno("fsync of a directory");
}

std::vector<std::string> names_in(const Descriptor& directory) {
    // A descriptor of its own: a directory stream moves the position of the one it is given.
    Descriptor own(::openat(directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!own.open()) throw_errno("listing a directory");
    struct Close {
        void operator()(DIR* stream) const { ::closedir(stream); }
    };
    const std::unique_ptr<DIR, Close> stream(::fdopendir(own.get()));
    if (!stream) throw_errno("listing a directory");
    static_cast<void>(own.release());
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get())) {  // NOLINT(concurrency-mt-unsafe)
        const std::string_view name = static_cast<const char*>(entry->d_name);
        if (name != "." && name != "..") names.emplace_back(name);
        errno = 0;
    }
    if (errno != 0) throw_errno("listing a directory");
    return names;
}

void write_at(const Descriptor& file, std::string_view bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const ssize_t wrote =
            ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0) throw_errno("write");
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
        offset += static_cast<std::uint64_t>(wrote);
    }
}

void sync_file(const Descriptor& file) {
    if (::fdatasync(file.get()) != 0) throw_errno("fdatasync");
}

void write_file(const Descriptor& directory, const std::string& name, std::string_view bytes) {
    const std::string part = "." + name + ".part";
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
    const Descriptor file(::openat(directory.get(), part.c_str(), flags, 0640));
    if (!file.open()) throw_errno(part);
    write_at(file, bytes, 0);
    GENSPOOL_KILL_POINT("small_file.written");
    sync_file(file);
    GENSPOOL_KILL_POINT("small_file.synced");
    if (::renameat(directory.get(), part.c_str(), directory.get(), name.c_str()) != 0) {
        throw_errno(name);
    }
    GENSPOOL_KILL_POINT("small_file.renamed");
    sync_directory(directory);
}

bool remove_file(const Descriptor& directory, const std::string& name) {
    if (::unlinkat(directory.get(), name.c_str(), 0) == 0) return true;
    if (errno != ENOENT) throw_errno(name);
    return false;
}

}  // namespace genspool::daemon
