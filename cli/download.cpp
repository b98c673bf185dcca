#include "cli/download.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/sha256.hpp"

namespace genspool::cli {
namespace {

[[noreturn]] void cannot(const std::string& what, const std::string& path, int error) {
    throw NotSaved("cannot " + what + " " + path + ": " + std::strerror(error));
}

/// "films/a.mp4" grows as "films/.a.mp4.part".
std::string part_of(const std::string& path) {
    const std::size_t name = path.rfind('/') + 1;
    return path.substr(0, name) + "." + path.substr(name) + ".part";
}

bool is_named(int file, const std::string& path) {
    struct stat held{};
    struct stat named{};
    return ::fstat(file, &held) == 0 && ::lstat(path.c_str(), &named) == 0 &&
           held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

/// Takes over what a program that was killed has left there, but nothing that is being written.
int open_part(const std::string& part) {
    while (true) {
        const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (file < 0) cannot("write", part, errno);
        // Where the file system knows no locks, there is none.
        if (::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            ::close(file);
            throw NotSaved(part + " is being written by another program");
        }
        if (is_named(file, part)) return file;
        ::close(file);  // it was put in place, or taken away, before we had the lock
    }
}

int rename_without_replacing(const std::string& from, const std::string& to) {
    const int done = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
    if (done == 0 || (errno != EINVAL && errno != ENOSYS)) return done;
    // The file system, or the kernel, does not know the flag. Both names exist for a moment.
    return ::link(from.c_str(), to.c_str()) == 0 ? ::unlink(from.c_str()) : -1;
}

/// The file under its passing name; removed unless it was put in place.
class Part {
public:
    explicit Part(const std::string& path) : path_(part_of(path)), descriptor_(open_part(path_)) {}
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
    ~Part() {
        if (!placed_) ::unlink(path_.c_str());
        ::close(descriptor_);  // and with it the lock, last of all
    }

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ::ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) cannot("write", path_, errno);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    void restart() {
        if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0)
            cannot("write", path_, errno);
    }

    const std::string& path() const { return path_; }

    void place(const std::string& path, bool replace) {
        if (::fsync(descriptor_) != 0) cannot("write", path_, errno);
        const int named = replace ? std::rename(path_.c_str(), path.c_str())
                                  : rename_without_replacing(path_, path);
        if (named != 0) cannot("write", path, errno);
        placed_ = true;
    }

private:
    std::string path_;
    int descriptor_;
    bool placed_ = false;
};

void refuse_existing(const std::string& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) == 0)
        throw NotSaved(path + " exists already (--force replaces it)", Exit::usage);
}

}  // namespace

void download_to_file(Daemon& daemon, const std::string& target, const std::string& path,
                      bool replace, const std::string& sha256) {
    if (!replace) refuse_existing(path);
    Part part(path);
    part.restart();
    HttpCall call;
    call.target = target;
    call.sink = [&part](std::string_view bytes) {
        part.write(bytes);
        return true;
    };
    call.rewind = [&part] { part.restart(); };
    daemon.exchange(call, true);
    if (!sha256.empty() && sha256_of_file(part.path()) != sha256)
        throw NotSaved(path +
                       " is not written: what came is not what was brought home (its SHA-256 "
                       "is another), so the daemon's file is damaged; genspool verify tells");
    part.place(path, replace);
}

}  // namespace genspool::cli
