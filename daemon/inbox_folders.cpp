#include "daemon/inbox_folders.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>

#include "daemon/import_reader.hpp"
#include "daemon/inbox_files.hpp"
#include "daemon/inbox_names.hpp"
#include "queue/kill_point.hpp"

namespace genspool::daemon {

using workers::Descriptor;

namespace {

constexpr std::size_t copy_bytes = 256U << 10U;
constexpr std::size_t name_bytes_kept = 200;

/// In nanoseconds, or 0. Asked for by itself: not every file system knows it, and not every sandbox
/// lets one ask.
std::int64_t birth_of(int directory, const char* name, int flags, const struct stat& status) {
    struct statx birth{};
    if (::statx(directory, name, flags, STATX_INO | STATX_BTIME, &birth) != 0) return 0;
    const bool told = (birth.stx_mask & STATX_BTIME) != 0;
    // Another file may have taken the name in between.
    if (!told || birth.stx_ino != status.st_ino) return 0;
    return birth.stx_btime.tv_sec * 1'000'000'000LL + birth.stx_btime.tv_nsec;
}

FileIdentity identity_of(const struct stat& status, std::int64_t born_ns) {
    FileIdentity identity;
    identity.born_ns = born_ns;
    identity.device = status.st_dev;
    identity.inode = status.st_ino;
    identity.changed_ns = status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec;
    identity.bytes = static_cast<std::uint64_t>(status.st_size);
    return identity;
}

/// Whether an open that failed so fails for this file as long as it stays what it is. Whatever else
/// an open answers, too many open files or a disk that does not read, passes.
bool lies_with_the_file(int error) {
    return error == ENOENT || error == EACCES || error == EPERM || error == ELOOP || error == ENXIO;
}

/// As a rename does; by this a copy is known again.
void keep_time(const Descriptor& file, const FileIdentity& original) {
    const std::chrono::nanoseconds changed(original.changed_ns);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(changed);
    std::array<timespec, 2> times{};
    times[0].tv_nsec = UTIME_OMIT;
    times[1].tv_sec = seconds.count();
    times[1].tv_nsec = (changed - seconds).count();
    if (::futimens(file.get(), times.data()) != 0) throw_errno("futimens");
}

/// A name that is too long for what is put after it, made shorter without cutting a character.
std::string shortened(const std::string& name) {
    if (name.size() <= name_bytes_kept) return name;
    std::size_t keep = name_bytes_kept;
    while (keep > 0 && (static_cast<unsigned char>(name[keep]) & 0xC0U) == 0x80U)
        --keep;
    return name.substr(0, keep);
}

}  // namespace

std::string FileIdentity::text() const {
    std::string all = file() + ":" + std::to_string(changed_ns) + ":" + std::to_string(bytes);
    if (born_ns != 0) all += ":" + std::to_string(born_ns);
    return all;
}

std::string FileIdentity::file() const {
    return std::to_string(device) + ":" + std::to_string(inode);
}

proto::Instant FileIdentity::changed_at() const {
    return proto::Instant{
        std::chrono::floor<proto::Duration>(std::chrono::nanoseconds(changed_ns))};
}

bool FileIdentity::same_file(const FileIdentity& other) const {
    if (device != other.device || inode != other.inode) return false;
    return born_ns == 0 || other.born_ns == 0 || born_ns == other.born_ns;
}

bool FileIdentity::operator==(const FileIdentity& other) const {
    return same_file(other) && changed_ns == other.changed_ns && bytes == other.bytes;
}

InboxFolders::InboxFolders(const std::string& state_dir, const std::string& inbox_dir)
    : inbox_path_(inbox_dir.empty() ? state_dir + "/inbox" : inbox_dir),
      inbox_(open_directory(inbox_path_)),
      accepted_(open_directory(state_dir + "/accepted")),
      rejected_(open_directory(state_dir + "/rejected")),
      results_(open_directory(state_dir + "/results")) {}

std::vector<std::string> InboxFolders::names() const {
    std::vector<std::string> names = names_in(inbox_);
    std::erase_if(names,
                  [](const std::string& name) { return name_kind(name) == NameKind::ignored; });
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<FileSeen> InboxFolders::look(const std::string& name) const {
    return look_in(inbox_, name);
}

std::optional<FileSeen> InboxFolders::look_in(const Descriptor& directory,
                                              const std::string& name) const {
    struct stat status{};
    if (::fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT) return std::nullopt;
        throw_errno(name);
    }
    FileSeen seen;
    const std::int64_t born_ns =
        birth_of(directory.get(), name.c_str(), AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, status);
    seen.identity = identity_of(status, born_ns);
    if (S_ISDIR(status.st_mode)) {
        seen.form = FileForm::directory;
    } else if (!S_ISREG(status.st_mode)) {
        seen.form = FileForm::special;
    }
    return seen;
}

FileOpened InboxFolders::open(const std::string& name) const {
    FileOpened opened;
    // Not blocking: a pipe that was put there meanwhile must not hold us up.
    const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    opened.file = Descriptor(::openat(inbox_.get(), name.c_str(), flags));
    if (!opened.file.open()) {
        if (!lies_with_the_file(errno)) throw_errno(name);
        opened.error = std::error_code(errno, std::generic_category());
        return opened;
    }
    opened.identity = identity(opened.file.get());
    return opened;
}

bool InboxFolders::has_writer(int descriptor) {
    // A read lease is given only while nobody has the file open for writing. Who opens it in the
    // instant until it is given back breaks it, which is told by a signal: one that is ignored.
    ::fcntl(descriptor, F_SETSIG, SIGURG);
    if (::fcntl(descriptor, F_SETLEASE, F_RDLCK) != 0) return errno == EAGAIN;
    ::fcntl(descriptor, F_SETLEASE, F_UNLCK);
    return false;
}

FileIdentity InboxFolders::identity(int descriptor) {
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) throw_errno("fstat");
    return identity_of(status, birth_of(descriptor, "", AT_EMPTY_PATH, status));
}

bool InboxFolders::taken(const Descriptor& directory, const std::string& name) const {
    return look_in(directory, name).has_value();
}

std::string InboxFolders::free_stem(const std::string& name, unsigned& n) const {
    // "x.errors" would have x's errors file for its results.
    const bool confusing = stem_of(name).ends_with(".errors");
    if (confusing) n = std::max(n, 2U);
    for (;; ++n) {
        const std::string stem(stem_of(numbered_name(name, n)));
        const std::array in_results{stem + ".jsonl", stem + ".errors.jsonl", stem + ".done"};
        const std::array in_accepted{stem + ".jsonl", stem + ".json"};
        const bool used =
            std::any_of(in_results.begin(), in_results.end(),
                        [this](const std::string& file) { return taken(results_, file); }) ||
            std::any_of(in_accepted.begin(), in_accepted.end(),
                        [this](const std::string& file) { return taken(accepted_, file); });
        if (!used) return stem;
    }
}

FileMoved InboxFolders::accept(const std::string& name, const std::string& stem,
                               const FileIdentity& identity) const {
    FileMoved moved;
    const auto seen = look(name);
    if (!seen || !seen->identity.same_file(identity)) {
        moved.how = seen ? FileMoved::How::another : FileMoved::How::gone;
        return moved;
    }
    moved.changed = seen->identity != identity;
    const std::string wanted = stem + std::string(ending_of(name));
    for (unsigned n = 1;; ++n) {
        const std::string to = numbered_name(wanted, n);
        if (!move(name, accepted_, to)) continue;
        moved.path = "accepted/" + to;
        return moved;
    }
}

std::string InboxFolders::find_accepted(const FileIdentity& identity) const {
    for (const std::string& name : names_in(accepted_)) {
        const auto seen = look_in(accepted_, name);
        if (seen && seen->identity == identity) return "accepted/" + name;
    }
    return {};
}

bool InboxFolders::reject(const std::string& name, const FileIdentity& judged,
                          std::string_view why) const {
    const auto seen = look(name);
    if (!seen) return true;
    if (judged != FileIdentity{} && seen->identity != judged) return false;
    const std::string wanted = shortened(name);
    for (unsigned n = 1;; ++n) {
        const std::string to = numbered_name(wanted, n);
        if (taken(rejected_, to) && !copied_before(name, rejected_, to)) continue;
        // The reason first: a crash in between leaves the file where it is, to be judged again.
        write_file(rejected_, to + ".error.txt", why);
        GENSPOOL_KILL_POINT("inbox.explained");
        if (!move(name, rejected_, to)) continue;
        GENSPOOL_KILL_POINT("inbox.rejected");
        return true;
    }
}

/// False if `to` is taken.
bool InboxFolders::move(const std::string& name, const Descriptor& to_directory,
                        const std::string& to) const {
    const int from = inbox_.get();
    if (::renameat2(from, name.c_str(), to_directory.get(), to.c_str(), RENAME_NOREPLACE) != 0) {
        const int why = errno;
        // Nobody but us writes in that directory, so where the file system cannot refuse to
        // replace, having looked is enough.
        if (why == EEXIST || taken(to_directory, to)) {
            if (!copied_before(name, to_directory, to)) return false;
            sync_directory(to_directory);
            remove_file(inbox_, name);
        } else if (why == EXDEV) {
            move_by_copy(name, to_directory, to);
        } else if (why != EINVAL ||
                   ::renameat(from, name.c_str(), to_directory.get(), to.c_str()) != 0) {
            throw std::system_error(why, std::generic_category(), name);
        }
    }
    GENSPOOL_KILL_POINT("inbox.renamed");
    sync_directory(to_directory);
    sync_directory(inbox_);
    return true;
}

/// The watch folder may lie on another file system. A special file is only removed from there.
void InboxFolders::move_by_copy(const std::string& name, const Descriptor& to_directory,
                                const std::string& to) const {
    const auto seen = look(name);
    if (seen && seen->form == FileForm::regular) {
        const FileOpened source = open(name);
        if (source.error) throw std::system_error(source.error, name);
        const std::string part = "." + to + ".part";
        const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
        const Descriptor target(::openat(to_directory.get(), part.c_str(), flags, 0640));
        if (!target.open()) throw_errno(part);
        std::string block(copy_bytes, '\0');
        std::uint64_t offset = 0;
        while (true) {
            const ssize_t got =
                ::pread(source.file.get(), block.data(), block.size(), static_cast<off_t>(offset));
            if (got < 0) throw_errno(name);
            if (got == 0) break;
            const auto count = static_cast<std::size_t>(got);
            write_at(target, std::string_view(block).substr(0, count), offset);
            offset += count;
        }
        keep_time(target, source.identity);
        GENSPOOL_KILL_POINT("inbox.copied");
        sync_file(target);
        if (::renameat(to_directory.get(), part.c_str(), to_directory.get(), to.c_str()) != 0) {
            throw_errno(to);
        }
        GENSPOOL_KILL_POINT("inbox.copy_renamed");
        sync_directory(to_directory);
    }
    remove_file(inbox_, name);
}

/// Whether `to` is the copy that a former life made of this file before it was killed.
bool InboxFolders::copied_before(const std::string& name, const Descriptor& to_directory,
                                 const std::string& to) const {
    const FileOpened source = open(name);
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    const Descriptor copy(::openat(to_directory.get(), to.c_str(), flags));
    if (source.error || !copy.open()) return false;
    const FileIdentity there = identity(copy.get());
    return there.device != source.identity.device && there.bytes == source.identity.bytes &&
           there.changed_ns == source.identity.changed_ns &&
           hash_file(copy.get()) == hash_file(source.file.get());
}

}  // namespace genspool::daemon
