// Preloaded into a daemon: changes of its files go wrong, as on a disk that is full or broken. What
// is struck are the calls of libc, so RocksDB and the shipped file layer are met as they are.
//
// GENSPOOL_DISK        the state directory; calls are counted by its directories
// GENSPOOL_DISK_FAULT  AREA:N:TIMES:KIND, the N-th change in that directory and those after it;
//                      `short`: writes take half, anything else answers ENOSPC;
//                      `full`: half, and from then on ENOSPC; `broken`: EIO
// GENSPOOL_DISK_TOLD   the file to which it is told which calls were struck, and at the process's
//                      end how many there were in each directory

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>

namespace {

/// libc's own.
template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

std::string setting(const char* name) {
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
    return value != nullptr ? value : "";
}

/// What becomes of a call.
enum class Fate : std::uint8_t { done, half, full, broken };

class Disk {
public:
    Disk() : root_(setting("GENSPOOL_DISK") + "/") {
        std::istringstream fault(setting("GENSPOOL_DISK_FAULT"));
        std::string number;
        std::getline(fault, area_, ':');
        if (std::getline(fault, number, ':')) first_ = std::stoull(number);
        if (std::getline(fault, number, ':')) times_ = std::stoull(number);
        std::getline(fault, kind_);
    }

    void tell_counts() {
        const std::lock_guard lock(mutex_);
        std::string counts;
        for (const auto& [area, calls] : calls_)
            counts += "calls " + area + " " + std::to_string(calls) + "\n";
        tell(counts);
    }

    Fate fate(const char* call, std::string_view path) {
        if (!path.starts_with(root_)) return Fate::done;
        const std::string_view within = path.substr(root_.size());
        const std::string area(within.substr(0, within.find('/')));
        const std::lock_guard lock(mutex_);
        const std::uint64_t number = ++calls_[area];
        if (area != area_ || number < first_ || number >= first_ + times_) return Fate::done;
        tell("struck " + std::string(call) + " " + std::string(within) + "\n");
        if (kind_ == "broken") return Fate::broken;
        return kind_ == "short" || number == first_ ? Fate::half : Fate::full;
    }

private:
    static void tell(const std::string& text) {
        const std::string file = setting("GENSPOOL_DISK_TOLD");
        if (file.empty() || text.empty()) return;
        const int told = next<int(const char*, int, ...)>("open")(
            file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        static_cast<void>(next<decltype(::write)>("write")(told, text.data(), text.size()));
        ::close(told);
    }

    std::string root_;
    std::string area_;
    std::string kind_;
    std::uint64_t first_ = 0;
    std::uint64_t times_ = 0;
    std::mutex mutex_;
    std::map<std::string, std::uint64_t> calls_;
};

/// Never destroyed: files are changed until the very end of the process.
Disk& disk() {
    static Disk& made = *new Disk;
    return made;
}

[[gnu::destructor]] void at_end() {
    disk().tell_counts();
}

std::string path_of(int file) {
    std::array<char, 4096> text{};
    const std::string link = "/proc/self/fd/" + std::to_string(file);
    const ssize_t size = ::readlink(link.c_str(), text.data(), text.size());
    return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

std::string path_at(int directory, const char* path) {
    if (path == nullptr || *path == '/' || directory == AT_FDCWD)
        return path != nullptr ? path : "";
    return path_of(directory) + "/" + path;
}

Fate fate(const char* call, const std::string& path) {
    const int error = errno;
    const Fate found = disk().fate(call, path);
    errno = error;
    return found;
}

/// Of a call that is done or not; false: it has failed, and errno says how.
bool comes_off(const char* call, const std::string& path) {
    const Fate found = fate(call, path);
    if (found == Fate::done) return true;
    errno = found == Fate::broken ? EIO : ENOSPC;
    return false;
}

/// How many bytes are taken of so many; 0: errno says why none.
std::size_t taken(const char* call, int file, std::size_t bytes) {
    const Fate found = fate(call, path_of(file));
    if (found == Fate::half) return bytes > 1 ? bytes / 2 : bytes;
    if (found == Fate::done) return bytes;
    errno = found == Fate::broken ? EIO : ENOSPC;
    return 0;
}

bool makes(int flags) {
    return (static_cast<unsigned>(flags) & static_cast<unsigned>(O_CREAT)) != 0;
}

}  // namespace

// NOLINTBEGIN(cert-dcl50-cpp): these are libc's own signatures.
extern "C" {

ssize_t write(int file, const void* bytes, size_t size) {
    const std::size_t part = taken("write", file, size);
    return part == 0 && size > 0 ? -1 : next<decltype(::write)>("write")(file, bytes, part);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
    const std::size_t part = taken("pwrite", file, size);
    return part == 0 && size > 0 ? -1 : next<decltype(::pwrite)>("pwrite")(file, bytes, part, at);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
    return pwrite(file, bytes, size, at);
}

int fsync(int file) {
    return comes_off("fsync", path_of(file)) ? next<decltype(::fsync)>("fsync")(file) : -1;
}

int fdatasync(int file) {
    return comes_off("fdatasync", path_of(file)) ? next<decltype(::fdatasync)>("fdatasync")(file)
                                                 : -1;
}

int ftruncate(int file, off_t size) noexcept {
    return comes_off("ftruncate", path_of(file))
               ? next<decltype(::ftruncate)>("ftruncate")(file, size)
               : -1;
}

int ftruncate64(int file, off64_t size) noexcept {
    return ftruncate(file, size);
}

int fallocate(int file, int mode, off_t from, off_t size) {
    return comes_off("fallocate", path_of(file))
               ? next<decltype(::fallocate)>("fallocate")(file, mode, from, size)
               : -1;
}

int fallocate64(int file, int mode, off64_t from, off64_t size) {
    return fallocate(file, mode, from, size);
}

int rename(const char* from, const char* to) noexcept {
    return comes_off("rename", to) ? next<decltype(::rename)>("rename")(from, to) : -1;
}

int renameat(int there, const char* from, int here, const char* to) noexcept {
    return comes_off("renameat", path_at(here, to))
               ? next<decltype(::renameat)>("renameat")(there, from, here, to)
               : -1;
}

int renameat2(int there, const char* from, int here, const char* to, unsigned flags) noexcept {
    return comes_off("renameat2", path_at(here, to))
               ? next<decltype(::renameat2)>("renameat2")(there, from, here, to, flags)
               : -1;
}

int unlink(const char* path) noexcept {
    return comes_off("unlink", path) ? next<decltype(::unlink)>("unlink")(path) : -1;
}

int unlinkat(int directory, const char* path, int flags) noexcept {
    return comes_off("unlinkat", path_at(directory, path))
               ? next<decltype(::unlinkat)>("unlinkat")(directory, path, flags)
               : -1;
}

int mkdir(const char* path, mode_t mode) noexcept {
    return comes_off("mkdir", path) ? next<decltype(::mkdir)>("mkdir")(path, mode) : -1;
}

int mkdirat(int directory, const char* path, mode_t mode) noexcept {
    return comes_off("mkdirat", path_at(directory, path))
               ? next<decltype(::mkdirat)>("mkdirat")(directory, path, mode)
               : -1;
}

int openat(int directory, const char* path, int flags, ...) {
    std::va_list rest;
    va_start(rest, flags);
    const mode_t mode = makes(flags) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (makes(flags) && !comes_off("open", path_at(directory, path))) return -1;
    return next<int(int, const char*, int, ...)>("openat")(directory, path, flags, mode);
}

int openat64(int directory, const char* path, int flags, ...) {
    std::va_list rest;
    va_start(rest, flags);
    const mode_t mode = makes(flags) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return openat(directory, path, flags, mode);
}

int open(const char* path, int flags, ...) {
    std::va_list rest;
    va_start(rest, flags);
    const mode_t mode = makes(flags) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return openat(AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    std::va_list rest;
    va_start(rest, flags);
    const mode_t mode = makes(flags) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return openat(AT_FDCWD, path, flags, mode);
}

/// What libc has no name for: files are made and renamed so, too.
long syscall(long number, ...) noexcept {
    std::va_list rest;
    va_start(rest, number);
    std::array<long, 6> given{};
    for (long& one : given)
        one = va_arg(rest, long);
    va_end(rest);
    const auto text = [](long pointer) { return reinterpret_cast<const char*>(pointer); };
    if (number == SYS_openat2) {
        // The flags stand first in its third argument.
        const auto flags = *reinterpret_cast<const std::uint64_t*>(given[2]);
        if (makes(static_cast<int>(flags)) &&
            !comes_off("openat2", path_at(static_cast<int>(given[0]), text(given[1]))))
            return -1;
    }
    if (number == SYS_renameat2 &&
        !comes_off("renameat2", path_at(static_cast<int>(given[2]), text(given[3]))))
        return -1;
    return next<long(long, ...)>("syscall")(number, given[0], given[1], given[2], given[3],
                                            given[4], given[5]);
}

}  // extern "C"
// NOLINTEND(cert-dcl50-cpp)
