#include "daemon/idle_state.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <system_error>

#include "queue/core.hpp"
#include "queue/high_water.hpp"
#include "queue/keys.hpp"

namespace genspool::daemon {

namespace {

using Why = NotIdle::Why;

[[noreturn]] void refuse(const std::string& path, int number) {
    std::string sentence = path + ": " + std::generic_category().message(number);
    if (number == EACCES) sentence += " (run it as the user the daemon runs as)";
    throw NotIdle(Why::refused, sentence);
}

void look_for_database(const std::string& directory) {
    const std::string current = directory + "/db/CURRENT";
    const workers::Descriptor file(::open(current.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.open()) return;
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) {
        if (const auto marked = queue::read_high_water(directory + "/db.high_water"))
            throw queue::StoreFailed(
                "it is gone, though by db.high_water its log has reached event " +
                std::to_string(marked->value));
        throw NotIdle(Why::missing, directory + " is no state directory: it has no database, db/");
    }
    refuse(current, error);
}

/// Shared among those who look; a daemon wants it for itself.
workers::Descriptor take_lock(const std::string& directory) {
    const std::string path = directory + "/run/lock";
    workers::Descriptor lock(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!lock.open() && errno == ENOENT) return lock;  // a copy without it
    if (!lock.open()) refuse(path, errno);
    if (::flock(lock.get(), LOCK_SH | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK) refuse(path, errno);
    throw NotIdle(Why::in_use, "the daemon is running in " + directory + "; stop it first");
}

void check_format(const queue::Store& store) {
    const auto stored = store.get(queue::keys::meta("format"));
    if (!stored || stored->size() != 8)
        throw queue::StoreFailed("the database does not say what format it has");
    const std::uint64_t version = queue::keys::get_u64(*stored, 0);
    if (version == queue::format_version) return;
    throw NotIdle(Why::refused, "the database has format " + std::to_string(version) +
                                    ", this program reads format " +
                                    std::to_string(queue::format_version));
}

}  // namespace

IdleState::IdleState(const std::string& directory) {
    look_for_database(directory);
    lock_ = take_lock(directory);
    queue::StoreOptions options;
    options.path = directory + "/db";
    options.read_only = true;
    store_ = std::make_unique<queue::Store>(options);
    check_format(*store_);
}

}  // namespace genspool::daemon
