#include "queue/high_water.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string_view>
#include <system_error>

#include "queue/keys.hpp"
#include "queue/kill_point.hpp"
#include "queue/rocksdb_store.hpp"

namespace genspool::queue {
namespace {

/// Each place is a block of the disk, so that a write that a power cut tears spoils one of them.
constexpr off_t place_bytes = 4096;
constexpr std::size_t places = 2;
constexpr std::size_t mark_bytes = 16;
/// Under load one sync of the mark goes to so much time: nothing beside those of the log.
constexpr std::chrono::milliseconds pause{50};

[[noreturn]] void fail(const std::string& path) {
    throw StoreFailed(path + ": " + std::generic_category().message(errno));
}

/// FNV-1a: enough to know a torn write.
std::uint64_t checksum(std::string_view bytes) {
    std::uint64_t sum = 0xCBF29CE484222325U;
    for (const char byte : bytes)
        sum = (sum ^ static_cast<std::uint8_t>(byte)) * 0x100000001B3U;
    return sum;
}

std::string mark_of(proto::EventSeq event) {
    std::string mark;
    keys::put_u64(mark, event.value);
    keys::put_u64(mark, checksum(mark));
    return mark;
}

/// nullopt: torn or damaged.
std::optional<proto::EventSeq> event_of(const std::string& mark) {
    const proto::EventSeq event{keys::get_u64(mark, 0)};
    if (mark_of(event) != mark) return std::nullopt;
    return event;
}

/// The higher of the two marks, and how many writes lead to it: the other place goes next.
struct Marks {
    proto::EventSeq event;
    std::uint64_t writes = 0;
};

Marks read_marks(int file, const std::string& path) {
    Marks marks;
    std::size_t damaged = 0;
    for (std::size_t place = 0; place < places; ++place) {
        // A file that is too short has nothing where its end is missing.
        std::string mark(mark_bytes, '\0');
        const auto at = static_cast<off_t>(place) * place_bytes;
        if (::pread(file, mark.data(), mark.size(), at) < 0) fail(path);
        if (mark == std::string(mark_bytes, '\0')) continue;  // not written yet
        const auto event = event_of(mark);
        if (!event) ++damaged;
        if (!event || *event < marks.event) continue;
        marks = {*event, place + 1};
    }
    // Where the other was never written, the torn one is the first of all: until then there was
    // none.
    if (damaged == places) {
        throw StoreFailed(path + " is damaged; remove it if you know that the database is whole");
    }
    return marks;
}

/// The file's name is to survive a power cut as well.
void sync_parent(const std::string& path) {
    const std::string parent = path.substr(0, path.rfind('/') + 1);
    const int directory = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = directory >= 0 && ::fsync(directory) == 0;
    const int error = errno;
    if (directory >= 0) ::close(directory);
    errno = error;
    if (!synced) fail(path);
}

}  // namespace

HighWater::HighWater(const std::string& path) : path_(path) {
    try {
        open();
        const Marks marks = read_marks(file_, path_);
        found_ = marks.event;
        writes_ = marks.writes;
    } catch (...) {
        if (file_ >= 0) ::close(file_);
        throw;
    }
    wanted_ = found_;
    thread_ = std::thread([this] { run(); });
}

HighWater::~HighWater() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
    ::close(file_);
}

void HighWater::open() {
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat status{};
    if (file_ < 0 || ::fstat(file_, &status) != 0) fail(path_);
    constexpr off_t bytes = place_bytes * static_cast<off_t>(places);
    if (status.st_size >= bytes) return;
    // Its room is taken once: a write to it needs none, and syncs no more than itself.
    const int error = ::posix_fallocate(file_, 0, bytes);
    if (error != 0) errno = error;
    GENSPOOL_KILL_POINT("high_water.made");
    if (error != 0 || ::fsync(file_) != 0) fail(path_);
    sync_parent(path_);
}

void HighWater::reached(proto::EventSeq event) {
    const std::lock_guard lock(mutex_);
    if (failed_) std::rethrow_exception(failed_);
    wanted_ = std::max(wanted_, event);
    if (idle_) wake_.notify_one();
}

void HighWater::write(proto::EventSeq event) {
    const std::string mark = mark_of(event);
    const auto at = static_cast<off_t>(writes_++ % places) * place_bytes;
    GENSPOOL_KILL_POINT("high_water.before_write");
    const ssize_t written = ::pwrite(file_, mark.data(), mark.size(), at);
    GENSPOOL_KILL_POINT("high_water.written");
    if (written < 0) fail(path_);
    if (written != static_cast<ssize_t>(mark.size()))
        throw StoreFailed(path_ + ": the disk took only a part of a write");
    if (::fdatasync(file_) != 0) fail(path_);
    GENSPOOL_KILL_POINT("high_water.synced");
}

void HighWater::run() {
    proto::EventSeq written = found_;
    std::unique_lock lock(mutex_);
    while (true) {
        idle_ = true;
        wake_.wait(lock, [&] { return stopping_ || wanted_ > written; });
        idle_ = false;
        if (wanted_ <= written) return;
        const proto::EventSeq next = wanted_;
        lock.unlock();
        std::exception_ptr failed;
        try {
            write(next);
        } catch (const StoreFailed&) {
            failed = std::current_exception();
        }
        lock.lock();
        written = next;
        failed_ = failed;
        if (failed_) return;
        wake_.wait_for(lock, pause, [this] { return stopping_; });
    }
}

std::optional<proto::EventSeq> read_high_water(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 && errno == ENOENT) return std::nullopt;
    if (file < 0) fail(path);
    try {
        const Marks marks = read_marks(file, path);
        ::close(file);
        return marks.event;
    } catch (...) {
        ::close(file);
        throw;
    }
}

}  // namespace genspool::queue
