// The system's calls of the watch folder and the result files, turned to the forgetful disk: the
// program is linked with --wrap for each of these. What is not beneath the mount goes on as ever.
#include <dirent.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdio>

#include "tests/support/posix_mount.hpp"

namespace {

using genspool::tests::PosixMount;

/// The mount, if this descriptor, path or stream is its own.
template <class Handle>
PosixMount* owner(Handle handle) {
    PosixMount* const mount = PosixMount::current();
    return mount != nullptr && mount->has(handle) ? mount : nullptr;
}

}  // namespace

// The names are the linker's.
// NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,cert-dcl50-cpp)
extern "C" {

int __real_open(const char* path, int flags, ...);
int __real_openat(int directory, const char* name, int flags, ...);
int __real_close(int descriptor);
int __real_fsync(int descriptor);
int __real_fdatasync(int descriptor);
int __real_ftruncate(int descriptor, off_t length);
ssize_t __real_pread(int descriptor, void* to, size_t count, off_t offset);
ssize_t __real_pwrite(int descriptor, const void* from, size_t count, off_t offset);
int __real_fstat(int descriptor, struct stat* status);
int __real_fstatat(int directory, const char* name, struct stat* status, int flags);
int __real_renameat(int from_directory, const char* from, int to_directory, const char* to);
int __real_renameat2(int from_directory, const char* from, int to_directory, const char* to,
                     unsigned flags);
int __real_unlinkat(int directory, const char* name, int flags);
DIR* __real_fdopendir(int descriptor);
dirent* __real_readdir(DIR* stream);
int __real_closedir(DIR* stream);
int __real_fcntl(int descriptor, int command, ...);

int __wrap_open(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    PosixMount* const mount = owner(path);
    return mount != nullptr ? mount->open(path, flags) : __real_open(path, flags, mode);
}

int __wrap_openat(int directory, const char* name, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    PosixMount* const mount = owner(directory);
    return mount != nullptr ? mount->openat(directory, name, flags)
                            : __real_openat(directory, name, flags, mode);
}

int __wrap_close(int descriptor) {
    PosixMount* const mount = owner(descriptor);
    return mount != nullptr ? mount->close(descriptor) : __real_close(descriptor);
}

int __wrap_fsync(int descriptor) {
    PosixMount* const mount = owner(descriptor);
    return mount != nullptr ? mount->fsync(descriptor) : __real_fsync(descriptor);
}

int __wrap_fdatasync(int descriptor) {
    PosixMount* const mount = owner(descriptor);
    return mount != nullptr ? mount->fsync(descriptor) : __real_fdatasync(descriptor);
}

int __wrap_ftruncate(int descriptor, off_t length) {
    PosixMount* const mount = owner(descriptor);
    return mount != nullptr ? mount->ftruncate(descriptor, length)
                            : __real_ftruncate(descriptor, length);
}

ssize_t __wrap_pread(int descriptor, void* to, size_t count, off_t offset) {
    PosixMount* const mount = owner(descriptor);
    return mount != nullptr ? mount->pread(descriptor, to, count, offset)
                            : __real_pread(descriptor, to, count, offset);
}

ssize_t __wrap_pwrite(int descriptor, const void* from, size_t count, off_t offset) {
    PosixMount* const mount = owner(descriptor);
    return mount != nullptr ? mount->pwrite(descriptor, from, count, offset)
                            : __real_pwrite(descriptor, from, count, offset);
}

int __wrap_fstat(int descriptor, struct stat* status) {
    PosixMount* const mount = owner(descriptor);
    return mount != nullptr ? mount->fstat(descriptor, status) : __real_fstat(descriptor, status);
}

int __wrap_fstatat(int directory, const char* name, struct stat* status, int flags) {
    PosixMount* const mount = owner(directory);
    return mount != nullptr ? mount->fstatat(directory, name, status)
                            : __real_fstatat(directory, name, status, flags);
}

int __wrap_renameat(int from_directory, const char* from, int to_directory, const char* to) {
    PosixMount* const mount = owner(from_directory);
    return mount != nullptr ? mount->renameat(from_directory, from, to_directory, to, true)
                            : __real_renameat(from_directory, from, to_directory, to);
}

int __wrap_renameat2(int from_directory, const char* from, int to_directory, const char* to,
                     unsigned flags) {
    PosixMount* const mount = owner(from_directory);
    const bool replace = (flags & RENAME_NOREPLACE) == 0;
    return mount != nullptr ? mount->renameat(from_directory, from, to_directory, to, replace)
                            : __real_renameat2(from_directory, from, to_directory, to, flags);
}

int __wrap_unlinkat(int directory, const char* name, int flags) {
    PosixMount* const mount = owner(directory);
    return mount != nullptr ? mount->unlinkat(directory, name)
                            : __real_unlinkat(directory, name, flags);
}

DIR* __wrap_fdopendir(int descriptor) {
    PosixMount* const mount = owner(descriptor);
    return mount != nullptr ? mount->fdopendir(descriptor) : __real_fdopendir(descriptor);
}

dirent* __wrap_readdir(DIR* stream) {
    PosixMount* const mount = owner(stream);
    return mount != nullptr ? mount->readdir(stream) : __real_readdir(stream);
}

int __wrap_closedir(DIR* stream) {
    PosixMount* const mount = owner(stream);
    return mount != nullptr ? mount->closedir(stream) : __real_closedir(stream);
}

int __wrap_fcntl(int descriptor, int command, ...) {
    va_list more;
    va_start(more, command);
    void* const argument = va_arg(more, void*);
    va_end(more);
    PosixMount* const mount = owner(descriptor);
    if (mount == nullptr) return __real_fcntl(descriptor, command, argument);
    const bool asks = command == F_SETLEASE &&
                      static_cast<int>(reinterpret_cast<std::intptr_t>(argument)) == F_RDLCK;
    return asks ? mount->lease(descriptor) : 0;
}

/// Nobody tells of what happens in the watch folder: it is looked through again and again.
int __wrap_inotify_init1(int) {
    errno = ENOSYS;
    return -1;
}

}  // extern "C"
// NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,cert-dcl50-cpp)
