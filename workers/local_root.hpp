#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

#include "workers/local_descriptor.hpp"

namespace genspool::workers {

/// How paths are kept beneath the root.
enum class Resolve : std::uint8_t {
    automatic,     ///< kernel, until it turns out to refuse the call
    kernel,        ///< openat2 with RESOLVE_BENEATH
    by_component,  ///< each component opened without following a link; no symbolic link at all
};

/// A directory and a name in it, so that the name can be worked on without a path.
struct Place {
    Descriptor directory;
    std::string name;
};

/// Opens what lies beneath one directory, and nothing else: an absolute path, "..", a link out of
/// the root and a link in last place all answer EXDEV. Blocking; any thread.
class LocalRoot {
public:
    /// Throws std::system_error if `directory` cannot be opened.
    LocalRoot(const std::string& directory, Resolve resolve);

    /// A directory for reading; "" is the root itself.
    FileResult<Descriptor> open_directory(std::string_view path) const;

    /// The same, but made if missing, parents included. Each parent is synced, once for a directory
    /// that was there: whoever made it may have died before.
    FileResult<Descriptor> make_directory(std::string_view path) const;

    /// The directory that `path` names a file in. ENOENT if that is missing.
    FileResult<Place> find(std::string_view path) const;
    /// The same, with missing directories made.
    FileResult<Place> make(std::string_view path) const;

    /// A regular file opened with `flags` (O_CLOEXEC and O_NOFOLLOW are added); EINVAL if it is
    /// something else.
    static FileResult<Descriptor> open_file(const Place& place, int flags);

private:
    FileResult<Descriptor> open_beneath(const std::string& path) const;
    FileResult<Descriptor> walk(std::string_view path) const;

    bool is_lasting(std::string_view path) const;
    void note_lasting(std::string_view path) const;

    Descriptor root_;
    mutable std::atomic<Resolve> resolve_;
    mutable std::mutex mutex_;
    mutable std::set<std::string, std::less<>> lasting_;  ///< directories whose parents were synced
};

}  // namespace genspool::workers
