#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/batch_text.hpp"
#include "cli/console.hpp"

namespace genspool::cli {

/// Tells how a job or batch goes on while it is waited for: on a terminal one line with a bar,
/// rewritten in place; else a line at each change of state. No bar and no end are made up: a job's
/// are the daemon's, a batch's end is reckoned from how fast its jobs end. On `err`, so that
/// results stay alone on `out`.
class Progress {
public:
    Progress(const Console& console, bool quiet);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void job(const boost::json::value& job);
    void batch(const boost::json::value& batch);

    /// Takes the line off the terminal; what is shown next begins anew.
    void clear();

    /// How long a poll may take so that the line stays fresh.
    std::chrono::seconds poll_max() const;

private:
    bool in_place() const;
    std::string passed() const;
    std::string time_left(const BatchShare& share) const;
    void tell(const std::string& key, const std::string& line);
    void draw(const std::string& line);

    const Console& console_;
    const bool quiet_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::optional<std::uint64_t> first_ended_;  ///< of the batch, when we looked first
    std::string last_;                          ///< what was told last
    bool drawn_ = false;
};

}  // namespace genspool::cli
