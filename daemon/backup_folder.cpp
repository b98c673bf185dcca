#include "daemon/backup_folder.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "daemon/inbox_files.hpp"
#include "queue/kill_point.hpp"
#include "workers/local_descriptor.hpp"

namespace genspool::daemon {

namespace fs = std::filesystem;

namespace {

void check(const std::error_code& error, const std::string& path) {
    if (error) throw std::system_error(error, path);
}

bool is_gone(const std::error_code& error) {
    return error == std::errc::no_such_file_or_directory;
}

void copy_one(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
    if (!is_gone(error)) check(error, to.string());
}

/// Artifacts, and files that were handed in, never change once they have their names, so a link is
/// as good as a copy.
void link_file(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::create_hard_link(from, to, error);
    if (error == std::errc::cross_device_link) {
        copy_one(from, to);
    } else if (!is_gone(error) && error != std::errc::file_exists) {
        check(error, to.string());
    }
}

void make_directory(const fs::path& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) throw_errno(path.string());
}

void sync(const fs::path& path, int flags) {
    const workers::Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags));
    if (!opened.open() || ::fsync(opened.get()) != 0) throw_errno(path.string());
}

/// Answers the bytes of its files.
std::uint64_t sync_all(const fs::path& root) {
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (entry.is_regular_file()) bytes += entry.file_size();
        sync(entry.path(), O_NOFOLLOW);
    }
    sync(root, O_DIRECTORY);
    return bytes;
}

/// A directory may take the name of an empty one: who has made that since is not to lose it.
void rename_without_replacing(const std::string& from, const std::string& to) {
    const long done = ::syscall(SYS_renameat2, AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(),
                                static_cast<unsigned>(RENAME_NOREPLACE));
    if (done == 0) return;
    if (errno != EINVAL && errno != ENOSYS) throw_errno(to);
    if (fs::exists(fs::symlink_status(to)))
        throw std::system_error(EEXIST, std::generic_category(), to);
    if (std::rename(from.c_str(), to.c_str()) != 0) throw_errno(to);
}

}  // namespace

BackupFolder::BackupFolder(const std::string& path) : path_(path), part_(path + ".part") {
    if (fs::exists(fs::symlink_status(path_))) {
        throw std::system_error(EEXIST, std::generic_category(), path_);
    }
    if (::mkdir(part_.c_str(), 0700) != 0) throw_errno(part_);
}

BackupFolder::~BackupFolder() {
    std::error_code ignored;  // what is left says by its name that it is no backup
    if (!finished_) fs::remove_all(part_, ignored);
}

void BackupFolder::make(const std::string& name) const {
    make_directory(place(name));
}

void BackupFolder::copy(const std::string& from, const std::string& name) const {
    std::error_code error;
    if (fs::is_regular_file(from, error)) return copy_one(from, place(name));
    if (!fs::is_directory(from, error)) return;
    make_directory(place(name));
    for (const auto& entry : fs::directory_iterator(from)) {
        if (!fs::is_regular_file(entry.symlink_status(error))) continue;
        copy_one(entry.path(), fs::path(place(name)) / entry.path().filename());
    }
}

void BackupFolder::link(const std::string& from, const std::string& name) const {
    const fs::path to(place(name));
    make_directory(to);
    const fs::path root(from);
    for (auto entry = fs::recursive_directory_iterator(root); entry != fs::end(entry); ++entry) {
        const fs::path below = to / entry->path().lexically_relative(root);
        const bool hidden = entry->path().filename().native().starts_with('.');
        std::error_code error;
        const fs::file_status status = entry->symlink_status(error);
        if (entry->path() == part_) {
            entry.disable_recursion_pending();  // it would hold itself
        } else if (fs::is_directory(status)) {
            make_directory(below);
        }
        if (fs::is_regular_file(status) && !hidden) link_file(entry->path(), below);
    }
}

std::uint64_t BackupFolder::finish() {
    const std::uint64_t bytes = sync_all(part_);
    GENSPOOL_KILL_POINT("backup.synced");
    rename_without_replacing(part_, path_);
    GENSPOOL_KILL_POINT("backup.named");
    finished_ = true;
    sync(fs::path(path_).parent_path(), O_DIRECTORY);
    return bytes;
}

std::uint64_t bytes_below(const std::string& path) {
    std::error_code error;
    std::uint64_t bytes = 0;
    for (auto entry = fs::recursive_directory_iterator(path, error); entry != fs::end(entry);
         entry.increment(error)) {
        if (error) break;
        const std::uintmax_t size = entry->is_regular_file(error) ? entry->file_size(error) : 0;
        if (!error) bytes += size;
    }
    return bytes;
}

}  // namespace genspool::daemon
