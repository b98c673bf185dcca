#include "queue/ballast.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <utility>

#include "queue/kill_point.hpp"

namespace genspool::queue {

Ballast::Ballast(std::string path, std::uint64_t bytes) : path_(std::move(path)), bytes_(bytes) {}

void Ballast::make_room() {
    // What an earlier life took may be more than is to be taken now.
    struct stat file{};
    struct statvfs disk{};
    if (::stat(path_.c_str(), &file) != 0 || ::statvfs(path_.c_str(), &disk) != 0) return;
    const std::uint64_t left = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    if (left < static_cast<std::uint64_t>(file.st_size)) release();
}

bool Ballast::fill() {
    if (bytes_ == 0) return true;
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return false;
    GENSPOOL_KILL_POINT("ballast.made");
    const bool filled = ::posix_fallocate(file, 0, static_cast<off_t>(bytes_)) == 0;
    ::close(file);
    GENSPOOL_KILL_POINT("ballast.filled");
    // Half of it would only be in the way.
    if (!filled) release();
    return filled;
}

void Ballast::release() {
    ::unlink(path_.c_str());
    GENSPOOL_KILL_POINT("ballast.released");
}

}  // namespace genspool::queue
