#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/import_pieces.hpp"
#include "daemon/import_table.hpp"
#include "proto/time.hpp"
#include "workers/digest.hpp"
#include "workers/local_descriptor.hpp"

namespace genspool::daemon {

/// How far an import has come: what is stored with each chunk, so that it can go on from there.
struct ImportProgress {
    std::uint64_t offset = 0;    ///< bytes that are done with
    std::uint64_t line = 0;      ///< the last line, or array element, that was handed out
    std::uint64_t readable = 0;  ///< pieces so far that were JSON objects
    std::string sha256;          ///< of the bytes before `offset`, lower-case hex

    bool operator==(const ImportProgress&) const = default;
};

/// As small JSON, for queue::AdmitChunk::progress.
std::string show_progress(const ImportProgress& progress);
/// nullopt if it is none.
std::optional<ImportProgress> parse_progress(std::string_view text);

/// A file as a whole cannot be read as what its name says.
struct Unreadable {
    std::uint64_t line = 0;  ///< 0: no particular line
    std::string reason;
};

/// Some pieces of a file.
struct ImportChunk {
    std::vector<Piece> pieces;
    std::uint64_t offset = 0;  ///< as in ImportProgress, after these pieces
    std::uint64_t line = 0;
    std::string sha256;
    bool last = false;  ///< the file is at its end
    std::optional<Unreadable> unreadable;
};

struct ImportLimits {
    std::size_t chunk_pieces_max = 512;
    std::size_t chunk_bytes_max = 1U << 20U;
    std::size_t piece_bytes_max = 1U << 20U;
    std::uint64_t input_bytes_max = 64U << 20U;  ///< of a file that a job names
    proto::Duration input_settle{2'000};         ///< how long it must have been left alone
};

/// Reads an open file from its beginning, chunk by chunk, hashing as it goes. Holds at most one
/// block and one piece. Blocks on the disk: a thread of the pool, one at a time. Throws
/// std::system_error where the disk cannot be read.
class ImportReader {
public:
    using Splitter = std::variant<LineSplitter, ArraySplitter, TableSplitter, TextSplitter>;

    ImportReader(workers::Descriptor file, Splitter splitter, ImportLimits limits);
    ImportReader(const ImportReader&) = delete;
    ImportReader& operator=(const ImportReader&) = delete;

    /// Reads over what an earlier import is done with. False if these bytes are not the same as
    /// then; the reader is of no use afterwards.
    bool resume(const ImportProgress& progress);

    ImportChunk next();

    int descriptor() const { return file_.get(); }

private:
    bool refill();
    std::optional<Piece> take_piece(std::size_t bytes_max);
    std::optional<Piece> finish();
    void hand_out(ImportChunk& chunk, Piece piece);
    std::optional<Unreadable> problem() const;

    workers::Descriptor file_;
    ImportLimits limits_;
    Splitter splitter_;
    workers::Sha256 digest_;
    std::string block_;
    std::string_view rest_;     ///< of block_, not yet taken
    std::uint64_t offset_ = 0;  ///< of the bytes that are taken
    std::uint64_t line_ = 0;
    bool at_end_ = false;
};

/// SHA-256 of a whole file in lower-case hex. Blocks; throws std::system_error.
std::string hash_file(int descriptor);

}  // namespace genspool::daemon
