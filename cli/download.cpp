#include "cli/download.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/failure.hpp"

namespace genspool::cli {
namespace {

[[noreturn]] void cannot(const std::string& what, const std::string& path, int error) {
    throw CommandFailed(Exit::failed, "cannot " + what + " " + path + ": " + std::strerror(error));
}

/// The file under its passing name; removed unless it was put in place.
class Part {
public:
    explicit Part(const std::string& path) : path_(path + ".part") {
        descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (descriptor_ < 0) cannot("write", path_, errno);
    }
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

    void place(const std::string& path) {
        if (::fsync(descriptor_) != 0) cannot("write", path_, errno);
        const int closed = ::close(descriptor_);
        descriptor_ = -1;
        if (closed != 0) cannot("write", path_, errno);
        if (std::rename(path_.c_str(), path.c_str()) != 0) cannot("write", path, errno);
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
        throw CommandFailed(Exit::usage, path + " exists already (--force replaces it)");
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
    part.place(path);
}

}  // namespace genspool::cli
