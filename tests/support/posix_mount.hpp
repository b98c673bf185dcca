#pragma once

#include <dirent.h>
#include <sys/stat.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "tests/support/forgetful_disk.hpp"

namespace genspool::tests {

/// The forgetful disk as the system's calls see it: everything beneath `real`, a directory that is
/// there but stays empty, lies in truth on the disk beneath `on_disk`. A program whose calls are to
/// go there is linked with --wrap for each of them (tests/simulation/system_calls.cpp). Of the
/// disk's present life: after a cut all calls answer EIO. One thread; one mount at a time.
class PosixMount {
public:
    PosixMount(std::shared_ptr<ForgetfulDisk> disk, std::string real, std::string on_disk);
    ~PosixMount();
    PosixMount(const PosixMount&) = delete;
    PosixMount& operator=(const PosixMount&) = delete;

    /// The one that there is; nullptr: none.
    static PosixMount* current();

    /// Writes answer this from now on; errc{}: they succeed.
    void set_write_error(std::errc error) { write_error_ = error; }
    /// While true nothing can be opened.
    void set_crowded(bool crowded) { crowded_ = crowded; }
    /// Somebody has this file, as inbox_folders opens it, open for writing, or no longer.
    void set_writer(const std::string& name, bool writes);

    /// Whether the path, or the descriptor, is one of ours.
    bool has(const char* path) const;
    bool has(int descriptor) const { return descriptor >= first_descriptor; }
    bool has(DIR* stream) const { return streams_.contains(stream); }

    // As the system's calls of these names: -1 or null, and errno.
    int open(const char* path, int flags);
    int openat(int directory, const char* name, int flags);
    int close(int descriptor);
    int fsync(int descriptor);
    int ftruncate(int descriptor, std::int64_t length);
    std::int64_t pread(int descriptor, void* to, std::size_t count, std::int64_t offset);
    std::int64_t pwrite(int descriptor, const void* from, std::size_t count, std::int64_t offset);
    int fstat(int descriptor, struct stat* status);
    int fstatat(int directory, const char* name, struct stat* status);
    int renameat(int from_directory, const char* from, int to_directory, const char* to,
                 bool replace);
    int unlinkat(int directory, const char* name);
    DIR* fdopendir(int descriptor);
    dirent* readdir(DIR* stream);
    int closedir(DIR* stream);
    /// F_SETLEASE of a read lease: refused while somebody writes.
    int lease(int descriptor);

    // What somebody else does with the files, each of them for good: it is synced.
    /// A whole file, with all its bytes from the first moment. False: the power went.
    bool put(const std::string& path, std::string_view bytes);
    /// More bytes at its end.
    bool add(const std::string& path, std::string_view bytes);
    /// The bytes, or nullopt: there is none.
    std::optional<std::string> read(const std::string& path) const;
    std::vector<std::string> list(const std::string& path) const;

private:
    static constexpr int first_descriptor = 1 << 20;

    struct Opened {
        std::string path;
        bool directory = false;
        ForgetfulDisk::Handle handle;
    };
    struct Stream {
        std::vector<std::string> names;
        std::size_t next = 0;
        dirent entry{};
    };

    std::string on_disk(const std::string& path) const;
    std::string at(int directory, const char* name) const;
    const Opened* find(int descriptor) const;
    int open_on_disk(const std::string& path, int flags);
    int stat_on_disk(const std::string& path, struct stat* status) const;
    static int fail(std::errc error);

    std::shared_ptr<ForgetfulDisk> disk_;
    std::string real_;
    std::string on_disk_;
    ForgetfulDisk::Life life_;
    std::errc write_error_{};
    bool crowded_ = false;
    std::set<std::string> writers_;
    std::map<int, Opened> opened_;
    std::map<DIR*, std::unique_ptr<Stream>> streams_;
    int next_ = first_descriptor;
};

}  // namespace genspool::tests
