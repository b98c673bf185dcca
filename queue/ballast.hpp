#pragma once

#include <cstdint>
#include <string>

namespace genspool::queue {

/// A file that does nothing but take up room. When the disk fills, letting it go leaves the
/// database room to write down which tasks were bought. Any thread, one at a time.
class Ballast {
public:
    /// `bytes` 0: there is none.
    Ballast(std::string path, std::uint64_t bytes);

    /// Before the database is opened, which needs room of its own: gives the room back where the
    /// disk has less than that left.
    void make_room();
    /// Takes the room, if it is not taken yet. False: there is not so much.
    bool fill();
    /// Gives the room back.
    void release();

private:
    std::string path_;
    std::uint64_t bytes_;
};

}  // namespace genspool::queue
