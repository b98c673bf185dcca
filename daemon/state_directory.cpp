#include "daemon/state_directory.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "queue/kill_point.hpp"

namespace genspool::daemon {
namespace {

[[noreturn]] void fail(const std::string& path) {
    throw std::runtime_error(path + ": " + std::generic_category().message(errno));
}

void make(const std::string& path, mode_t mode) {
    if (::mkdir(path.c_str(), mode) == 0) return;
    if (errno != EEXIST) fail(path);
    if (!std::filesystem::is_directory(path)) throw std::runtime_error(path + " is no directory");
}

}  // namespace

StateDirectory::StateDirectory(std::string path) : path_(std::move(path)) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), error);
    if (error) throw std::runtime_error(path_ + ": " + error.message());
    make(path_, 0750);
    for (const char* const closed : {"/db", "/spool", "/blobs", "/run"})
        make(path_ + closed, 0700);
    for (const char* const shared : {"/artifacts", "/results"})
        make(path_ + shared, 0750);
    GENSPOOL_KILL_POINT("start.directories_made");
    const std::string lock = path_ + "/run/lock";
    lock_ = workers::Descriptor(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock_.open()) fail(lock);
    take_lock();
}

/// A daemon that was just killed may still be on its way out: it is given a moment.
void StateDirectory::take_lock() {
    constexpr int looks = 100;
    constexpr int pause_ms = 50;
    for (int look = 0; look < looks; ++look) {
        if (::flock(lock_.get(), LOCK_EX | LOCK_NB) == 0) return;
        if (errno != EWOULDBLOCK) fail(path_ + "/run/lock");
        ::poll(nullptr, 0, pause_ms);
    }
    throw std::runtime_error("another daemon works in " + path_ +
                             ", or `genspool verify` looks into it");
}

}  // namespace genspool::daemon
