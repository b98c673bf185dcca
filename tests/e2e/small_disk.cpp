#include "tests/e2e/small_disk.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

namespace genspool::tests {
namespace {

void write_line(const char* path, const std::string& line) {
    std::ofstream(path) << line << "\n";
}

/// Mounts of our own; as somebody who is not root, by way of a user namespace in which we are.
bool leave_mount_namespace() {
    const auto uid = ::getuid();
    const auto gid = ::getgid();
    if (uid == 0) return ::unshare(CLONE_NEWNS) == 0;
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    write_line("/proc/self/setgroups", "deny");
    write_line("/proc/self/uid_map", std::to_string(uid) + " " + std::to_string(uid) + " 1");
    write_line("/proc/self/gid_map", std::to_string(gid) + " " + std::to_string(gid) + " 1");
    return true;
}

}  // namespace

SmallDisk::SmallDisk(const TemporaryDirectory& directory, const std::string& size)
    : path_(directory.path("small")) {
    std::filesystem::create_directory(path_);
    if (!leave_mount_namespace()) return;
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return;
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
}

SmallDisk::~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
}

void SmallDisk::fill(std::uint64_t left) const {
    const std::string filler = path_ + "/filler";
    const int file = ::open(filler.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) throw std::system_error(errno, std::generic_category(), filler);
    const std::string piece(4096, 'x');
    const auto room = [this] { return std::filesystem::space(path_).available; };
    while (room() > left && ::write(file, piece.data(), piece.size()) > 0) {
    }
    ::close(file);
}

void SmallDisk::empty() const {
    std::filesystem::remove(path_ + "/filler");
}

}  // namespace genspool::tests
