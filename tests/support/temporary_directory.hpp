#pragma once

#include <optional>
#include <string>

namespace genspool::tests {

/// A directory of this test's own (0700), removed with everything in it when the test ends.
class TemporaryDirectory {
public:
    TemporaryDirectory();
    /// In that directory, in place of the one for temporary files.
    explicit TemporaryDirectory(const std::string& parent);
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    const std::string& path() const { return path_; }
    std::string path(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

/// A place for temporary directories on another file system than `path`; nullopt: there is none.
std::optional<std::string> place_on_another_disk(const std::string& path);

}  // namespace genspool::tests
