#pragma once

#include <filesystem>
#include <istream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/admission.hpp"
#include "daemon/import_pieces.hpp"
#include "queue/commands.hpp"

namespace genspool::daemon {

/// A file as a whole is no batch: why, with the line where there is one.
class NoBatch : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Some lines of a batch file, as the queue takes them.
struct JudgedLines {
    std::vector<queue::KeepBlob> files;  ///< that they name by paths; before the lines
    std::vector<std::pair<std::uint64_t, queue::AdmitOne>> jobs;
    std::vector<queue::RefusedLine> refused;

    bool empty() const { return jobs.empty() && refused.empty(); }
};

/// Where a batch file is read from, and how.
struct BatchFileParts {
    std::istream& in;
    std::filesystem::path directory;  ///< where the paths in it begin; empty: the current one
    const Admission& admission;
    std::string principal;
    std::size_t line_bytes_max = 0;
    proto::Instant now{};
};

/// Reads a batch file as a rehearsal takes it: jobs or batch lines, one a line, or one JSON array
/// of them. Each is judged by the admission. Local files are looked at, and not read: a path stands
/// for its bytes. Blocks; one thread.
class BatchFile {
public:
    explicit BatchFile(BatchFileParts parts);

    /// The next lines; none: that was all. Throws NoBatch.
    JudgedLines next();

private:
    std::optional<Piece> next_piece();
    bool refill();
    void judge(Piece piece, JudgedLines& lines);
    std::optional<proto::Refused> name_files(std::string& text, JudgedLines& lines);

    BatchFileParts parts_;
    std::variant<LineSplitter, ArraySplitter> splitter_;
    std::string block_;
    std::string_view rest_;                     ///< of block_, not yet taken
    std::map<std::string, std::string> known_;  ///< path: name
};

}  // namespace genspool::daemon
