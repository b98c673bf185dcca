#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "proto/time.hpp"
#include "tests/simulator/media.hpp"
#include "tests/simulator/records.hpp"

namespace genspool::simulator {

/// One file that was made. Its bytes are not kept: they are made again from the mark.
struct ShelfItem {
    std::int64_t file_id = 0;
    MediaKind kind = MediaKind::mp4;
    std::string mark;
    std::uint64_t bytes_min = 0;
    ArtifactRecord made;  ///< hash and size
    std::string account;
    std::string task;        ///< of a video: it may be had once the task has succeeded
    bool deleted = false;    ///< by its owner
    bool forbidden = false;  ///< the download host refuses it until downloads are allowed
    proto::Instant made_at;

    std::string bytes() const { return make_media(kind, mark, bytes_min); }
    std::string filename() const;
};

/// The files made so far, and the links to them.
class Shelf {
public:
    explicit Shelf(std::uint64_t seed);

    /// Makes the file, fills in its id, hash and size, and keeps it. Ids are above 2^53 and odd, so
    /// that none survives a double.
    ShelfItem& put(ShelfItem item);

    /// Null when there is none of that id (any more).
    const ShelfItem* find(std::int64_t file_id) const;

    void remove(std::int64_t file_id) { items_.at(file_id).deleted = true; }

    /// A signed link on `host`, dead from `expires` on.
    std::string link(const ShelfItem& item, std::string_view host, proto::Instant expires) const;

    /// What a link says about one file until one time.
    std::string signature(std::int64_t file_id, std::string_view expires) const;

private:
    std::unordered_map<std::int64_t, ShelfItem> items_;
    std::string secret_;
};

}  // namespace genspool::simulator
