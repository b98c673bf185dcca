#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/results_note.hpp"
#include "workers/local_descriptor.hpp"

namespace genspool::daemon {

/// Lines for one batch's files.
struct ResultLines {
    std::string results;
    std::string errors;

    std::size_t bytes() const { return results.size() + errors.size(); }
};

/// The files in results/. What is durable there and what is committed elsewhere meet in the note:
/// bytes past its lengths do not count, and every step may be done again after a crash. Everything
/// blocks: a thread of the pool, one call at a time. Throws std::system_error where the disk
/// refuses.
class ResultsFolder {
public:
    /// Makes the directory if it is missing.
    explicit ResultsFolder(const std::string& path);

    /// Makes the files what the note says: a renaming that was cut off is completed, what was
    /// written and never committed is cut off.
    void restore(const std::string& name, const ResultsNote& note) const;

    /// Adds lines behind what counts, and fsyncs. Returns the note with the new lengths, which are
    /// true only once it is committed. A file that somebody took away begins anew.
    ResultsNote append(const std::string& name, ResultsNote note, const ResultLines& lines) const;

    /// Writes clean files beside the old ones: of each job the line that counts, in the order of
    /// admission, refused lines first. Returns the note for the renaming.
    ResultsNote rewrite(const std::string& name, ResultsNote note) const;
    /// Gives the clean files their names. Repeating it is harmless.
    void rename_clean(const std::string& name, const ResultsNote& note) const;

    /// Leaves NAME.done, with a summary in it. NAME.jsonl is there from then on, even if empty.
    void write_done(const std::string& name, std::string_view summary) const;
    void remove_done(const std::string& name) const;

private:
    std::uint64_t append_one(const std::string& file, std::uint64_t length,
                             std::string_view lines) const;
    void cut(const std::string& file, std::uint64_t length) const;

    workers::Descriptor directory_;
};

}  // namespace genspool::daemon
