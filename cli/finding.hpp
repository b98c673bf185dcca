#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "cli/console.hpp"

namespace genspool::cli {

/// One thing that the doctor has looked at, as docs/cli.md tells its JSON.
struct Finding {
    std::string check;
    std::string level;  ///< "ok", "warning" or "problem"
    std::string text;
    std::string cure{};     ///< what to type; may be empty
    std::string account{};  ///< whose; may be empty

    bool is_problem() const { return level == "problem"; }
};

using Findings = std::vector<Finding>;

/// As `genspoold --doctor` prints it.
Finding read_finding(const boost::json::value& value);

/// All of them as JSON, on one line.
std::string findings_json(const Findings& findings);

/// A line, and one more for the cure.
void print_finding(const Console& console, const Finding& finding);

/// "2 problems, 1 warning", or that nothing is wrong.
std::string verdict_of(const Findings& findings);

}  // namespace genspool::cli
