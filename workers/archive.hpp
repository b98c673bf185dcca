#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace genspool::workers {

/// What came out of an archive.
struct Unpacked {
    std::error_code error;  ///< of the disk
    std::string trouble;    ///< the archive is damaged, or has no such file; empty: it is out
    bool bare = false;      ///< it is no archive: the file itself is what was asked for
    std::string member;     ///< the name inside of what is out
    std::uint64_t bytes = 0;
    std::string sha256;
    std::string head;                 ///< the first bytes, as many as a media signature needs
    std::vector<std::string> others;  ///< the other files in it

    bool good() const { return !error && trouble.empty() && !bare; }
};

/// The bytes of an archive, from its beginning.
class ArchiveBytes {
public:
    virtual ~ArchiveBytes() = default;
    /// How many were put there; 0 at the end, -1 with errno.
    virtual std::ptrdiff_t read(char* into, std::size_t count) = 0;
    virtual void rewind() = 0;
};

/// Where the unpacked bytes go; an error ends it.
using ArchiveSink = std::function<std::error_code(std::string_view piece)>;

/// Takes one file out of a tar or zip: `member`, or with no name its sound file, else its largest
/// file. Names inside are never taken for paths. More than `bytes_max` are trouble.
Unpacked unpack(ArchiveBytes& archive, std::string_view member, std::uint64_t bytes_max,
                const ArchiveSink& sink);

}  // namespace genspool::workers
