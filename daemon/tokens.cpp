#include "daemon/tokens.hpp"

#include <openssl/crypto.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "daemon/log.hpp"
#include "daemon/small_file.hpp"
#include "workers/digest.hpp"

namespace genspool::daemon {
namespace {

constexpr std::size_t file_bytes_max = 1U << 20U;
constexpr mode_t closed_to = 027;  // the group may read: that is how the daemon gets at root's file

struct Reading {
    std::vector<proto::TokenEntry> entries;
    struct stat status{};
    std::string error;
};

Reading read_tokens(const std::string& path) {
    Reading reading;
    SmallFile file = read_small_file(path, file_bytes_max, closed_to);
    reading.status = file.status;
    reading.error = std::move(file.error);
    if (!reading.error.empty()) return reading;
    if (file.status.st_uid != 0 && file.status.st_uid != ::geteuid()) {
        reading.error = "belongs neither to root nor to the daemon's user";
        return reading;
    }
    auto entries = proto::parse_token_file(file.bytes);
    if (entries) {
        reading.entries = std::move(*entries);
    } else {
        reading.error = entries.error().message;
    }
    return reading;
}

bool same_time(const timespec& a, const timespec& b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool same_file(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
           same_time(a.st_mtim, b.st_mtim) && same_time(a.st_ctim, b.st_ctim);
}

}  // namespace

std::string token_file_error(const std::string& path) {
    return read_tokens(path).error;
}

Tokens::Tokens(std::string path) : path_(std::move(path)) {
    Reading reading = read_tokens(path_);
    if (!reading.error.empty()) throw std::runtime_error(path_ + ": " + reading.error);
    seen_ = reading.status;
    entries_ = std::move(reading.entries);
}

void Tokens::refresh() {
    struct stat now{};
    if (::stat(path_.c_str(), &now) != 0) now = {};
    if (same_file(now, seen_)) return;
    Reading reading = read_tokens(path_);
    entries_ = std::move(reading.entries);
    // What changes while it is read is seen as changed the next time. Of what could not be opened
    // or read there is no status, so that the next call tries again: too many open files pass.
    seen_ = reading.status;
    const bool told = reading.error == error_told_;
    error_told_ = reading.error;
    if (reading.error.empty()) {
        log(Level::info, "tokens_read", {{"tokens", std::to_string(entries_.size())}});
    } else if (!told) {
        log(Level::error, "tokens_unusable",
            {{"file", path_}, {"error", reading.error}, {"effect", "nobody is let in over TCP"}});
    }
}

const proto::TokenEntry* Tokens::entry_of(std::string_view token) {
    refresh();
    const std::string hash = workers::sha256_hex(token);
    const proto::TokenEntry* found = nullptr;
    // All of them, and each to its end: the time says nothing of how near a guess was.
    for (const proto::TokenEntry& entry : entries_) {
        if (CRYPTO_memcmp(entry.sha256.data(), hash.data(), hash.size()) == 0) found = &entry;
    }
    return found;
}

const proto::TokenEntry* Tokens::named(std::string_view name) {
    refresh();
    const auto found = std::ranges::find(entries_, name, &proto::TokenEntry::name);
    return found == entries_.end() ? nullptr : &*found;
}

std::optional<Caller> Tokens::find(std::string_view token) {
    const proto::TokenEntry* const found = entry_of(token);
    if (found == nullptr) return std::nullopt;
    return caller_of(*found);
}

Caller caller_of(const proto::TokenEntry& entry) {
    return Caller{"token:" + entry.name, entry.admin};
}

}  // namespace genspool::daemon
