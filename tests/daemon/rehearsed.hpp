#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/config.hpp"
#include "daemon/rehearsal/rehearsal.hpp"

namespace genspool::tests {

struct Rehearsed {
    proto::Instant start{proto::Duration(1'800'000'000'000)};  // 2027-01-15T08:00:00Z
    std::uint64_t seed = 1;
    std::optional<proto::Micros> budget;
    std::string directory;  ///< of the files in the batch
};

const proto::Registry& registry_here();

/// A configuration with one account "main"; `account` is more lines of it. No key is read.
daemon::Config config_with(const std::string& account);

/// Rehearses these lines; `times` as of the command line.
daemon::RehearsalReport rehearsed(const std::string& lines, const std::string& account,
                                  const std::vector<std::string>& times,
                                  const Rehearsed& options = {});

/// With other times than the command line can say.
daemon::RehearsalReport rehearsed_by(const std::string& lines, const std::string& account,
                                     const daemon::ExpectedTimes& times,
                                     const Rehearsed& options = {});

}  // namespace genspool::tests
