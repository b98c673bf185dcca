#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace genspool::daemon {

enum class Gravity : std::uint8_t {
    ok,
    warning,  ///< it works, but somebody should look
    problem,  ///< it keeps something from working
};

/// One thing that was looked at, in words, and what helps.
struct Finding {
    Gravity gravity = Gravity::ok;
    std::string check;      ///< "configuration", "key", "upstream", …
    std::string text;       ///< a sentence without its stop
    std::string cure{};     ///< a command to type, or the line to change; empty where all is well
    std::string account{};  ///< whose; empty: nobody's
};

using Findings = std::vector<Finding>;

/// One JSON object: check, level, text, cure, account.
std::string finding_text(const Finding& finding);

}  // namespace genspool::daemon
