#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/import_pieces.hpp"

namespace genspool::daemon {

/// The rows of a table of comma-separated values (RFC 4180), each a job by what the first row says
/// of its columns; also with ";" or tabs between them. Pure, as the other splitters are.
class TableSplitter {
public:
    explicit TableSplitter(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    /// As LineSplitter::feed. A piece's number is the line on which its row begins.
    std::optional<Piece> feed(std::string_view& bytes);
    std::optional<Piece> finish();
    /// Why its first row tells nothing; nullopt so far.
    const std::optional<std::string>& problem() const { return problem_; }
    /// The line of the file it has come to, from 1.
    std::uint64_t line() const { return newlines_ + 1; }
    std::size_t held() const { return row_.capacity(); }

private:
    /// Where in a row it stands: a quote opens only at the beginning of a value.
    enum class At : std::uint8_t { start, plain, quoted, closed };

    void step(char c);
    bool separates(char c) const;
    std::optional<Piece> end_row();
    void read_head(const std::string& row);

    std::size_t bytes_max_;
    std::uint64_t newlines_ = 0;
    std::uint64_t begun_at_ = 1;  ///< the line on which the row begins
    std::string row_;             ///< as it stands there
    At at_ = At::start;
    bool too_long_ = false;
    char between_ = ',';
    std::vector<std::string> columns_;
    std::optional<std::string> problem_;
};

/// A row's values, or why there are none.
struct Row {
    std::vector<std::string> values;
    std::string fault;  ///< in words; empty: none
};
Row read_row(std::string_view row, char between);

/// The job that a row describes, as JSON text. A column is a place in the request
/// ("voice_setting.voice_id"), unless it is `kind`, `custom_id`, `output`, "label.NAME", or
/// "job.FIELD" for another field of the job. What is empty is left out. `fault` says, in words, why
/// there is none.
std::string job_of_row(const std::vector<std::string>& columns,
                       const std::vector<std::string>& values, std::string& fault);

}  // namespace genspool::daemon
