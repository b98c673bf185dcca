#include "cli/download.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <tuple>
#include <utility>

namespace genspool::cli {
namespace {

[[noreturn]] void cannot(const std::string& what, const std::string& path, int error) {
    throw NotSaved("cannot " + what + " " + path + ": " + std::strerror(error));
}

/// A file beside `path` that nobody else writes; its name.
std::pair<int, std::string> open_part(const std::string& path) {
    static std::atomic<unsigned> made = 0;
    const std::string directory = path.substr(0, path.rfind('/') + 1);
    while (true) {
        std::string name = directory + ".genspool-" + std::to_string(::getpid()) + "-" +
                           std::to_string(made++) + ".part";
        const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        // One that a killed program has left behind.
        if (file < 0 && errno == EEXIST) continue;
        if (file < 0) cannot("write", path, errno);
        return {file, std::move(name)};
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
    explicit Part(const std::string& path) { std::tie(descriptor_, path_) = open_part(path); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
    ~Part() {
        if (descriptor_ >= 0) ::close(descriptor_);
        if (!placed_) ::unlink(path_.c_str());
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

    void place(const std::string& path, bool replace) {
        if (::fsync(descriptor_) != 0) cannot("write", path_, errno);
        const int closed = ::close(descriptor_);
        descriptor_ = -1;
        if (closed != 0) cannot("write", path_, errno);
        const int named = replace ? std::rename(path_.c_str(), path.c_str())
                                  : rename_without_replacing(path_, path);
        if (named != 0) cannot("write", path, errno);
        placed_ = true;
    }

private:
    std::string path_;
    int descriptor_ = -1;
    bool placed_ = false;
};

void refuse_existing(const std::string& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) == 0)
        throw NotSaved(path + " exists already (--force replaces it)", Exit::usage);
}

}  // namespace

void download_to_file(Daemon& daemon, const std::string& target, const std::string& path,
                      bool replace) {
    if (!replace) refuse_existing(path);
    Part part(path);
    HttpCall call;
    call.target = target;
    call.sink = [&part](std::string_view bytes) {
        part.write(bytes);
        return true;
    };
    call.rewind = [&part] { part.restart(); };
    daemon.exchange(call, true);
    part.place(path, replace);
}

}  // namespace genspool::cli
