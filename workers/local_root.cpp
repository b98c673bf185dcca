#include "workers/local_root.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <climits>
#include <cstdint>

#include "queue/kill_point.hpp"

namespace genspool::workers {

namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
constexpr mode_t directory_mode = 0750;
constexpr mode_t file_mode = 0640;
constexpr int openat2_tries_max = 16;
constexpr std::size_t lasting_max = 1'000;

/// Cuts the first component off `path`.
std::string_view take_component(std::string_view& path) {
    const std::size_t slash = path.find('/');
    const std::string_view component = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    return component;
}

/// What can be said of a path without looking at the disk; 0 if nothing speaks against it.
int objection(std::string_view path) {
    if (path.size() >= PATH_MAX) return ENAMETOOLONG;
    if (path.find('\0') != std::string_view::npos) return EINVAL;
    if (path.starts_with('/')) return EXDEV;
    while (!path.empty()) {
        if (take_component(path) == "..") return EXDEV;
    }
    return 0;
}

struct Split {
    std::string_view parent;
    std::string_view name;
};

Split split(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return {{}, path};
    return {path.substr(0, slash), path.substr(slash + 1)};
}

bool is_link(int directory, const std::string& name) {
    struct stat status = {};
    return ::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISLNK(status.st_mode);
}

FileResult<Place> place_in(FileResult<Descriptor> directory, std::string_view name) {
    if (directory.has_error()) return directory.error();
    if (name.empty() || name == ".") return file_error(EISDIR);
    return Place{std::move(*directory), std::string(name)};
}

}  // namespace

std::error_code file_error(int number) {
    return {number == ELOOP ? EXDEV : number, std::generic_category()};
}

LocalRoot::LocalRoot(const std::string& directory, Resolve resolve)
    : root_(::open(directory.c_str(), directory_flags)), resolve_(resolve) {
    if (!root_.open()) throw std::system_error(file_error(errno), "cannot open " + directory);
}

FileResult<Descriptor> LocalRoot::open_directory(std::string_view path) const {
    if (const int number = objection(path)) return file_error(number);
    const std::string wanted(path.empty() ? "." : path);
    if (resolve_.load() == Resolve::by_component) return walk(path);
    auto opened = open_beneath(wanted);
    if (opened.has_value() || resolve_.load() == Resolve::kernel) return opened;
    const int number = opened.error().value();
    if (number != ENOSYS && number != EPERM) return opened;
    // An old kernel, or a sandbox that does not know the call.
    resolve_.store(Resolve::by_component);
    return walk(path);
}

FileResult<Descriptor> LocalRoot::open_beneath(const std::string& path) const {
    struct open_how how = {};
    how.flags = directory_flags;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    int tries = 0;
    while (true) {
        const long fd = ::syscall(SYS_openat2, root_.get(), path.c_str(), &how, sizeof(how));
        if (fd >= 0) return Descriptor(static_cast<int>(fd));
        // EAGAIN: something was renamed meanwhile, and the kernel could not be sure.
        const bool again = errno == EINTR || errno == EAGAIN;
        if (!again || ++tries == openat2_tries_max) return file_error(errno);
    }
}

FileResult<Descriptor> LocalRoot::walk(std::string_view path) const {
    Descriptor here(::openat(root_.get(), ".", directory_flags));
    if (!here.open()) return file_error(errno);
    while (!path.empty()) {
        const std::string component(take_component(path));
        if (component.empty() || component == ".") continue;
        Descriptor next(::openat(here.get(), component.c_str(), directory_flags | O_NOFOLLOW));
        if (!next.open()) {
            const int number = errno;
            return file_error(number == ENOTDIR && is_link(here.get(), component) ? EXDEV : number);
        }
        here = std::move(next);
    }
    return here;
}

FileResult<Descriptor> LocalRoot::make_directory(std::string_view path) const {
    auto opened = open_directory(path);
    const bool missing =
        opened.has_error() && opened.error() == std::errc::no_such_file_or_directory;
    if (opened.has_error() && !missing) return opened;
    while (path.ends_with('/'))
        path.remove_suffix(1);
    if (path.empty() || (!missing && is_lasting(path))) return opened;
    const auto [parent_path, name] = split(path);
    const auto parent = make_directory(parent_path);
    if (parent.has_error()) return parent.error();
    const std::string wanted(name);
    if (missing && ::mkdirat(parent->get(), wanted.c_str(), directory_mode) != 0 && errno != EEXIST)
        return file_error(errno);
    GENSPOOL_KILL_POINT("files.directory_made");
    if (::fsync(parent->get()) != 0) return file_error(errno);
    note_lasting(path);
    return missing ? open_directory(path) : std::move(opened);
}

bool LocalRoot::is_lasting(std::string_view path) const {
    const std::lock_guard lock(mutex_);
    return lasting_.contains(path);
}

void LocalRoot::note_lasting(std::string_view path) const {
    const std::lock_guard lock(mutex_);
    // A template may make ever new directories; to sync one again costs little.
    if (lasting_.size() >= lasting_max) lasting_.clear();
    lasting_.emplace(path);
}

FileResult<Place> LocalRoot::find(std::string_view path) const {
    const auto [parent, name] = split(path);
    if (const int number = objection(path)) return file_error(number);
    return place_in(open_directory(parent), name);
}

FileResult<Place> LocalRoot::make(std::string_view path) const {
    const auto [parent, name] = split(path);
    if (const int number = objection(path)) return file_error(number);
    return place_in(make_directory(parent), name);
}

FileResult<Descriptor> LocalRoot::open_file(const Place& place, int flags) {
    // O_NONBLOCK: opening a FIFO must not wait for its other end.
    constexpr int always = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    Descriptor file(::openat(place.directory.get(), place.name.c_str(), flags | always, file_mode));
    if (!file.open()) return file_error(errno);
    struct stat status = {};
    if (::fstat(file.get(), &status) != 0) return file_error(errno);
    if (!S_ISREG(status.st_mode)) return file_error(EINVAL);
    return file;
}

}  // namespace genspool::workers
