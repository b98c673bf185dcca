#include "daemon/backup.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

#include "daemon/backup_folder.hpp"
#include "daemon/log.hpp"
#include "queue/kill_point.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

bool same_file_system(const std::string& one, const std::string& other) {
    struct stat first{};
    struct stat second{};
    return ::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 &&
           first.st_dev == second.st_dev;
}

}  // namespace

/// While it lives no other backup is made, and no paid reply leaves the spool; then the results go
/// on.
struct Backup::Turn {
    explicit Turn(Backup& given) : backup(given) {
        backup.busy_ = true;
        backup.engine_.keep_spool(true);
    }
    ~Turn() {
        backup.engine_.keep_spool(false);
        backup.results_.go_on();
        backup.busy_ = false;
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    Backup& backup;
};

bool Backup::is_own_place(const std::string& directory) const {
    namespace fs = std::filesystem;
    std::error_code ignored;  // what cannot be looked at cannot be written either
    const fs::path state = fs::weakly_canonical(state_.path(), ignored);
    const fs::path inside = fs::weakly_canonical(directory, ignored).lexically_relative(state);
    return !inside.empty() && *inside.begin() != ".." && *inside.begin() != "backups";
}

asio::awaitable<BackupDone> Backup::make(std::string directory, bool artifacts) {
    const Turn turn(*this);
    // The lengths that the database knows of the result files are true of them while nobody writes.
    co_await results_.rest();
    auto copy_all = [this, &directory, artifacts] { return copy(directory, artifacts); };
    BackupDone done = co_await workers::on_pool(pool_, copy_all);
    log(Level::info, "backed_up",
        {{"directory", directory},
         {"last_event", std::to_string(done.queue.last_event.value)},
         {"bytes", std::to_string(done.bytes)}});
    co_return done;
}

BackupDone Backup::copy(const std::string& directory, bool artifacts) const {
    check_room(directory, artifacts);
    BackupFolder folder(directory);
    GENSPOOL_KILL_POINT("backup.begun");
    // A paid reply may come in while the database is copied.
    folder.copy(state_.spool(), "spool");
    GENSPOOL_KILL_POINT("backup.spool_copied");
    // One may go, and another come, while the database is copied.
    folder.link(state_.blobs(), "blobs");
    BackupDone done;
    done.queue = queue_.back_up(folder.place("db"));
    folder.copy(state_.spool(), "spool");
    folder.copy(state_.results(), "results");
    folder.make("run");
    folder.copy(state_.key_salt(), "run/key_salt");
    folder.link(state_.blobs(), "blobs");
    if (artifacts) folder.link(state_.artifacts(), "artifacts");
    GENSPOOL_KILL_POINT("backup.before_name");
    done.bytes = folder.finish();
    return done;
}

/// As if everything were copied, though the database mostly is by links: a backup must not be what
/// fills the disk.
void Backup::check_room(const std::string& directory, bool artifacts) const {
    const std::string parent = std::filesystem::path(directory).parent_path().string();
    const bool linked = same_file_system(parent, state_.path());
    std::uint64_t needed = bytes_below(state_.spool()) + bytes_below(state_.results());
    needed += bytes_below(state_.db());
    if (!linked) needed += bytes_below(state_.blobs());
    if (artifacts && !linked) needed += bytes_below(state_.artifacts());
    if (linked) needed += disk_reserve_bytes_;
    const std::uintmax_t available = std::filesystem::space(parent).available;
    if (available < needed) throw std::system_error(ENOSPC, std::generic_category(), parent);
}

}  // namespace genspool::daemon
