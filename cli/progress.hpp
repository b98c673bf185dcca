#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <string>

#include "cli/console.hpp"

namespace genspool::cli {

/// Tells how a job goes on while it is waited for: on a terminal one line, rewritten in place; else
/// a line at each change of state. On `err`, so that results stay alone on `out`.
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
    void show(const std::string& key, const std::string& line, const std::string& more);

    const Console& console_;
    const bool quiet_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::string last_;  ///< what was shown last: state and attempt
    bool drawn_ = false;
};

}  // namespace genspool::cli
