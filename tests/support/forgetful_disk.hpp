#pragma once

#include <boost/system/result.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace rocksdb {
class Env;
}

namespace genspool::tests {

/// What a file is to RocksDB, judged by its name.
enum class FileKind : std::uint8_t { wal, manifest, current, table, other, directory };

FileKind file_kind(std::string_view path);

/// How an injected failure looks to the caller.
enum class Fault : std::uint8_t {
    io_error,     ///< EIO; nothing was written
    no_space,     ///< ENOSPC; nothing was written
    short_write,  ///< half of the bytes are appended, then EIO; a sync just answers EIO
    power_cut,    ///< as power_cut(); only a judge's
};

/// What changes a disk.
enum class DiskCall : std::uint8_t {
    create,
    write,
    sync,
    sync_directory,
    rename,
    remove,
    truncate
};
inline constexpr std::size_t disk_call_count = 7;

/// What the caller is told.
std::errc errc_of(Fault fault);

/// One request to sync, as a test's predicate sees it.
struct SyncCall {
    FileKind kind = FileKind::other;
    std::string path;
    std::uint64_t nth = 0;  ///< counts the syncs of this kind, from 1
};

/// What was asked of the disk since it was made. Directory syncs are not in `syncs`.
struct DiskCounters {
    std::uint64_t writes = 0;
    std::uint64_t bytes_written = 0;
    std::uint64_t syncs = 0;
    std::uint64_t wal_syncs = 0;
    std::uint64_t directory_syncs = 0;
    std::uint64_t ignored_syncs = 0;  ///< left out by ignore_sync(); also counted above

    bool operator==(const DiskCounters&) const = default;
};

/// A disk in memory that keeps, through a power cut, only what was synced: of each file its bytes
/// as of the last sync, of each directory its entries as of the last sync. Directories themselves
/// are kept as soon as they are made, because RocksDB never syncs the parent of its own.
///
/// A disk is used through mounts (make_env). A power cut or a kill ends all mounts of that life:
/// every call through them answers an I/O error from then on, whatever the old owner still does.
/// Thread-safe; one mutex.
class ForgetfulDisk {
public:
    ForgetfulDisk();
    ForgetfulDisk(const ForgetfulDisk&) = delete;
    ForgetfulDisk& operator=(const ForgetfulDisk&) = delete;

    /// Drops everything that was not synced.
    void power_cut();
    /// By seed, either the same, or what a real disk may leave: of each file a random part of its
    /// unsynced tail, of each directory a random number of its unsynced changes, oldest first.
    void power_cut(std::uint64_t seed);
    /// The power goes at the n-th change from now (1 = the next): an append, a sync, a name that is
    /// made, changed or taken away. Of an append half is written, of the others nothing; what stays
    /// is as in power_cut(seed). Any end of a life disarms it.
    void cut_after(std::uint64_t n, std::uint64_t seed);
    /// The process dies but the machine stays up: nothing is lost, all mounts end.
    void kill();
    /// Grows by one with every power cut or kill.
    std::uint64_t life() const;
    /// A disk of its own in the same state, with what is synced and what is not, and no mounts,
    /// counters, faults or ignored syncs.
    std::shared_ptr<ForgetfulDisk> copy() const;

    /// The n-th append, file sync or directory sync from now (1 = the next) fails, once. A power
    /// cut or kill disarms it.
    void fail_after(std::uint64_t n, Fault fault);
    /// Every change of the disk is put before the judge, and what it answers befalls it; of a name
    /// that is made, changed or taken away, nothing is done then. Empty: none. Stays through the
    /// ends of lives. Called under the disk's mutex.
    using Judge = std::function<std::optional<Fault>(DiskCall call, const std::string& path)>;
    void set_judge(Judge judge);
    /// A sync for which the predicate answers true reports success and does nothing. Empty: none.
    /// Called under the disk's mutex.
    void ignore_sync(std::function<bool(const SyncCall&)> predicate);

    DiskCounters counters() const;
    /// What power_cut() would leave of a file (an absolute path); nullopt: not even its name.
    std::optional<std::string> durable(const std::string& path) const;

private:
    friend class Mount;
    friend class PosixMount;
    friend std::unique_ptr<rocksdb::Env> make_env(std::shared_ptr<ForgetfulDisk> disk);

    using Life = std::uint64_t;  ///< grows by one with every power cut or kill
    template <class T>
    using Answer = boost::system::result<T, std::errc>;

    struct File {
        std::string bytes;
        std::size_t synced = 0;            ///< this many of the first bytes are durable
        std::optional<std::string> older;  ///< the durable image, where it is no prefix of `bytes`
        std::uint64_t changed_at = 0;
        std::uint64_t number = 0;  ///< of its own, as an inode has it
    };
    using FilePtr = std::shared_ptr<File>;
    using Entries = std::map<std::string, FilePtr>;
    /// One atomic change of a directory: names with their new files, null for a removed name.
    using Change = std::vector<std::pair<std::string, FilePtr>>;

    struct Directory {
        Entries live;
        Entries durable;
        std::vector<Change> unsynced;  ///< what leads from `durable` to `live`
    };

    struct Handle {
        Life life = 0;
        std::string path;
        FilePtr file;
    };

    struct Place {
        Directory* directory;
        std::string path;  ///< absolute, without doubled or trailing slashes
        std::string name;  ///< its last part
    };

    enum class Opening : std::uint8_t { existing, fresh, appending };

    // The side of the mounts. All of them answer io_error to a mount of an earlier life.
    Answer<Handle> open(Life life, const std::string& path, Opening opening);
    std::errc append(const Handle& handle, std::string_view bytes);
    Answer<std::size_t> read(const Handle& handle, std::uint64_t offset, std::size_t count,
                             char* out);
    std::errc sync(const Handle& handle);
    std::errc truncate(const Handle& handle, std::uint64_t size);
    Answer<std::uint64_t> size(const Handle& handle);
    Answer<std::uint64_t> changed_at(const Handle& handle);

    std::errc sync_directory(Life life, const std::string& path);
    Answer<bool> exists(Life life, const std::string& path);
    Answer<bool> is_directory(Life life, const std::string& path);
    Answer<std::vector<std::string>> list(Life life, const std::string& path);
    std::errc make_directory(Life life, const std::string& path);
    std::errc remove_directory(Life life, const std::string& path);
    std::errc remove(Life life, const std::string& path);
    std::errc rename(Life life, const std::string& from, const std::string& to);
    std::errc link(Life life, const std::string& from, const std::string& to);
    Answer<std::uint64_t> links(Life life, const std::string& path);
    std::errc lock(Life life, const std::string& path);
    void unlock(Life life, const std::string& path);

    // The rest is called with the mutex held.
    void cut(std::uint64_t seed);
    /// The power goes now, or the caller's life is over anyway.
    bool ends_now(Life life);
    void sync_some(std::mt19937_64& random);
    void drop_unsynced();
    void end_life();
    std::optional<Fault> injected(DiskCall call, const std::string& path);
    bool ignored(FileKind kind, const std::string& path);
    Answer<Place> place(Life life, const std::string& path);
    Answer<FilePtr> find(Life life, const std::string& path);
    std::errc rename_directory(const std::string& from, const std::string& to);
    static void apply(const Change& change, Entries& entries);
    static void record(Directory& directory, Change change);
    static void settle(Directory& directory);

    mutable std::mutex mutex_;
    Life life_ = 1;
    std::map<std::string, Directory> directories_;  ///< by absolute path
    std::set<std::string> locks_;
    std::uint64_t clock_ = 0;  ///< counts changes; stands in for modification times
    DiskCounters counters_;
    std::map<FileKind, std::uint64_t> syncs_by_kind_;
    std::function<bool(const SyncCall&)> ignore_sync_;
    std::uint64_t cut_countdown_ = 0;  ///< 0: none armed
    std::uint64_t cut_seed_ = 0;
    std::uint64_t fault_countdown_ = 0;  ///< 0: none armed
    Fault fault_ = Fault::io_error;
    Judge judge_;
};

/// Mounts the disk for its present life. What RocksDB writes to its info log through this
/// environment is discarded. It must outlive the databases opened on it.
std::unique_ptr<rocksdb::Env> make_env(std::shared_ptr<ForgetfulDisk> disk);

}  // namespace genspool::tests
