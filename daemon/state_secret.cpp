#include "daemon/state_secret.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "queue/kill_point.hpp"
#include "workers/local_descriptor.hpp"

namespace genspool::daemon {
namespace {

constexpr std::size_t secret_bytes = 32;

[[noreturn]] void fail(const std::string& path) {
    throw std::runtime_error(path + ": " + std::generic_category().message(errno));
}

std::optional<std::string> read_secret(const std::string& path, std::string_view lost) {
    const workers::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.open() && errno == ENOENT) return std::nullopt;
    if (!file.open()) fail(path);
    std::string secret(secret_bytes, '\0');
    const ssize_t got = ::read(file.get(), secret.data(), secret.size());
    if (got < 0) fail(path);
    if (static_cast<std::size_t>(got) != secret_bytes)
        throw std::runtime_error(path + " is damaged; remove it, and " + std::string(lost));
    return secret;
}

void sync_directory_of(const std::string& path) {
    const std::string parent = std::filesystem::path(path).parent_path().string();
    const workers::Descriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.open() || ::fsync(directory.get()) != 0) fail(parent);
}

/// Under another name first, so that a crash leaves a whole one or none.
std::string make_secret(const std::string& path) {
    std::string secret(secret_bytes, '\0');
    if (::getrandom(secret.data(), secret.size(), 0) != static_cast<ssize_t>(secret_bytes))
        fail(path);
    const std::string fresh = path + ".new";
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    const workers::Descriptor file(::open(fresh.c_str(), flags, 0600));
    if (!file.open()) fail(fresh);
    if (::write(file.get(), secret.data(), secret.size()) != static_cast<ssize_t>(secret_bytes))
        fail(fresh);
    GENSPOOL_KILL_POINT("start.secret_written");
    if (::fsync(file.get()) != 0) fail(fresh);
    if (std::rename(fresh.c_str(), path.c_str()) != 0) fail(path);
    GENSPOOL_KILL_POINT("start.secret_renamed");
    sync_directory_of(path);
    return secret;
}

}  // namespace

std::string state_secret(const std::string& path, std::string_view lost) {
    const auto known = read_secret(path, lost);
    return known ? *known : make_secret(path);
}

}  // namespace genspool::daemon
