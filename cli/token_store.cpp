#include "cli/token_store.hpp"

#include <fcntl.h>
#include <grp.h>
#include <openssl/rand.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "cli/failure.hpp"
#include "cli/sha256.hpp"

namespace genspool::cli {
namespace {

constexpr const char* daemon_group = "genspool";

[[noreturn]] void cannot(const std::string& what, const std::string& path) {
    const int error = errno;
    const Exit exit = error == EACCES || error == EPERM ? Exit::not_allowed : Exit::failed;
    throw CommandFailed(exit, "cannot " + what + " " + path + ": " + std::strerror(error));
}

/// A descriptor, closed with its owner.
class Opened {
public:
    Opened(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags, 0600)) {
        if (descriptor_ < 0) cannot("open", path);
    }
    ~Opened() { ::close(descriptor_); }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;

    int get() const { return descriptor_; }

private:
    int descriptor_;
};

/// A file under its passing name; removed unless it was put in place.
class Passing {
public:
    explicit Passing(std::string path) : path_(std::move(path)) {}
    ~Passing() {
        if (!placed_) ::unlink(path_.c_str());
    }
    Passing(const Passing&) = delete;
    Passing& operator=(const Passing&) = delete;

    void place(const std::string& path) {
        if (std::rename(path_.c_str(), path.c_str()) != 0) cannot("write", path);
        placed_ = true;
    }

private:
    std::string path_;
    bool placed_ = false;
};

std::optional<gid_t> group_of_daemon() {
    const group* const entry = ::getgrnam(daemon_group);
    if (entry == nullptr) return std::nullopt;
    return entry->gr_gid;
}

/// Owner and mode as they were, or as they should be for a file that was not there.
void set_access(int file, const std::string& path, const std::optional<struct stat>& before) {
    if (before) {
        if (::fchown(file, before->st_uid, before->st_gid) != 0 ||
            ::fchmod(file, before->st_mode & 07777U) != 0)
            cannot("write", path);
        return;
    }
    const auto readers = ::geteuid() == 0 ? group_of_daemon() : std::nullopt;
    if (readers && (::fchown(file, 0, *readers) != 0 || ::fchmod(file, 0640) != 0))
        cannot("write", path);
}

void write_whole(int file, const std::string& path, std::string_view text) {
    while (!text.empty()) {
        const ::ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) cannot("write", path);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file) != 0) cannot("write", path);
}

std::optional<struct stat> status_of(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) return status;
    if (errno != ENOENT) cannot("read", path);
    return std::nullopt;
}

std::string text_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (file) text << file.rdbuf();
    if (!file) cannot("read", path);
    return text.str();
}

std::vector<proto::TokenEntry> entries_of(const std::string& path, const std::string& text) {
    auto entries = proto::parse_token_file(text);
    if (!entries) throw CommandFailed(Exit::failed, path + ": " + entries.error().message);
    return std::move(*entries);
}

}  // namespace

std::string new_token() {
    std::array<unsigned char, 32> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw CommandFailed(Exit::failed, "the system has no random bytes");
    return "genspool_" + hex_text(bytes.data(), bytes.size());
}

std::vector<proto::TokenEntry> read_tokens(const std::string& path) {
    return entries_of(path, text_of(path));
}

void change_tokens(const std::string& path,
                   const std::function<std::string(std::string text)>& change) {
    // A link is followed, not replaced.
    std::error_code missing;
    const auto real = std::filesystem::weakly_canonical(path, missing);
    const std::string target = missing ? path : real.string();
    const std::string directory = std::filesystem::path(target).parent_path().string();
    const Opened locked(directory.empty() ? "." : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (::flock(locked.get(), LOCK_EX) != 0) cannot("lock", directory);

    const auto before = status_of(target);
    std::string text = before ? text_of(target) : std::string();
    entries_of(path, text);
    const std::string after = change(std::move(text));
    const std::string passing_path = target + ".new";
    ::unlink(passing_path.c_str());  // of somebody who was killed here; the lock says so
    const Opened file(passing_path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC);
    Passing passing(passing_path);
    set_access(file.get(), path, before);
    write_whole(file.get(), path, after);
    passing.place(target);
    if (::fsync(locked.get()) != 0) cannot("write", directory);
}

}  // namespace genspool::cli
