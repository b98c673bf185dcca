#pragma once

#include <cstdint>
#include <string>

#include "tests/support/temporary_directory.hpp"

namespace genspool::tests {

/// A file system of its own with little room, mounted where only this process and its children see
/// it. Needs root or user namespaces.
class SmallDisk {
public:
    SmallDisk(const TemporaryDirectory& directory, const std::string& size);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    /// False: this system does not let us mount.
    bool mounted() const { return mounted_; }
    const std::string& path() const { return path_; }

    /// Fills it up, but for so many bytes.
    void fill(std::uint64_t left = 0) const;
    /// Gives back what fill() took.
    void empty() const;

private:
    std::string path_;
    bool mounted_ = false;
};

}  // namespace genspool::tests
