#pragma once

#include <cstdint>
#include <string>

namespace genspool::daemon {

/// A backup in the making: it grows as NAME.part and gets its name when it is whole and synced, so
/// that half a one is never taken for a whole. Everything blocks: a thread of the pool. Throws
/// std::system_error with the path in it.
class BackupFolder {
public:
    /// Makes NAME.part, closed to others (0700). `path` is absolute; neither it nor NAME.part may
    /// exist, and what it is to lie in must.
    explicit BackupFolder(const std::string& path);
    /// Removes NAME.part with all that is in it, unless it got its name.
    ~BackupFolder();
    BackupFolder(const BackupFolder&) = delete;
    BackupFolder& operator=(const BackupFolder&) = delete;

    /// A place in NAME.part.
    std::string place(const std::string& name) const { return part_ + "/" + name; }

    void make(const std::string& name) const;  ///< a directory in it

    /// Copies a file, or the regular files of a directory; what is there already is written anew.
    /// What goes away meanwhile, or is not there at all, is passed over.
    void copy(const std::string& from, const std::string& name) const;
    /// The same for a directory with all below it, by links where both lie on one file system.
    /// Hidden files are passed over: they are not whole yet.
    void link(const std::string& from, const std::string& name) const;

    /// Syncs everything and gives it its name. Answers how many bytes it holds.
    std::uint64_t finish();

private:
    std::string path_;
    std::string part_;
    bool finished_ = false;
};

/// The bytes of all regular files below; 0 where there is nothing.
std::uint64_t bytes_below(const std::string& path);

}  // namespace genspool::daemon
