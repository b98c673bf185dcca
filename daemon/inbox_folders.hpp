#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "proto/time.hpp"
#include "workers/local_descriptor.hpp"

namespace genspool::daemon {

/// Which file it is, and in what state: the same only if nothing was written to it meanwhile.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t changed_ns = 0;  ///< its mtime
    std::uint64_t bytes = 0;
    std::int64_t born_ns = 0;  ///< when it came to be; 0: the file system does not tell

    /// "device:inode:mtime_ns:size", and ":born_ns" where that is known.
    std::string text() const;
    /// "device:inode": the same, whatever is written to it, but also that of the next file which is
    /// given the inode.
    std::string file() const;
    proto::Instant changed_at() const;
    /// Perhaps written to meanwhile. Where a birth is not known, the inode has to do.
    bool same_file(const FileIdentity& other) const;
    bool operator==(const FileIdentity& other) const;
};

enum class FileForm : std::uint8_t { regular, directory, special };

struct FileSeen {
    FileForm form = FileForm::regular;
    FileIdentity identity;
};

struct FileOpened {
    std::error_code error;  ///< what is wrong with the file itself, so that it cannot be opened
    workers::Descriptor file;
    FileIdentity identity;
};

/// Where a file went on its way out of the watch folder.
struct FileMoved {
    enum class How : std::uint8_t {
        moved,    ///< it is at `path`
        gone,     ///< there is no such file any more
        another,  ///< another file has taken its name; that one was left where it is
    };

    How how = How::moved;
    std::string path;      ///< "accepted/films~2.jsonl"
    bool changed = false;  ///< it is the same file, but something was written to it meanwhile
};

/// The watch folder and what belongs to it on disk: inbox/, accepted/, rejected/, results/. Never
/// follows a symbolic link at a file's name. Everything blocks: a thread of the pool, one call at a
/// time. Throws std::system_error where the disk refuses.
class InboxFolders {
public:
    /// Makes the directories that are missing. `inbox_dir` empty: inbox/ in the state directory.
    InboxFolders(const std::string& state_dir, const std::string& inbox_dir);

    const std::string& inbox_path() const { return inbox_path_; }

    /// The names in inbox/, sorted, without those that are to be ignored.
    std::vector<std::string> names() const;
    /// What is there under this name in inbox/; nullopt: nothing.
    std::optional<FileSeen> look(const std::string& name) const;
    FileOpened open(const std::string& name) const;
    /// Whether somebody has it open for writing; false where that cannot be asked.
    static bool has_writer(int descriptor);
    static FileIdentity identity(int descriptor);

    /// The first of "films", "films~2", … that no file in accepted/ or results/ stands in the way
    /// of. Starts at `n` and leaves there the number it found.
    std::string free_stem(const std::string& name, unsigned& n) const;

    /// Moves inbox/NAME, if it still is that file, to accepted/STEM.ENDING, or a numbered name
    /// where that is taken. Fsyncs both directories.
    FileMoved accept(const std::string& name, const std::string& stem,
                     const FileIdentity& identity) const;
    /// Where in accepted/ that very file lies: "accepted/films.jsonl", or empty.
    std::string find_accepted(const FileIdentity& identity) const;
    /// Moves inbox/NAME to rejected/ with `why` in NAME.error.txt beside it; nothing if it is gone.
    /// False: it is another than the one that was judged, and stays. One that could not be opened
    /// has no identity.
    bool reject(const std::string& name, const FileIdentity& judged, std::string_view why) const;

private:
    bool taken(const workers::Descriptor& directory, const std::string& name) const;
    std::optional<FileSeen> look_in(const workers::Descriptor& directory,
                                    const std::string& name) const;
    bool move(const std::string& name, const workers::Descriptor& to_directory,
              const std::string& to) const;
    void move_by_copy(const std::string& name, const workers::Descriptor& to_directory,
                      const std::string& to) const;
    bool copied_before(const std::string& name, const workers::Descriptor& to_directory,
                       const std::string& to) const;

    std::string inbox_path_;
    workers::Descriptor inbox_;
    workers::Descriptor accepted_;
    workers::Descriptor rejected_;
    workers::Descriptor results_;
};

}  // namespace genspool::daemon
