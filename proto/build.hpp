#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace genspool::proto {

/// What this build is; any thread.
struct Build {
    std::string_view version;   ///< as in CMakeLists.txt
    std::string_view commit;    ///< with "-dirty" where the sources differ from it; or "unknown"
    std::string_view type;      ///< "Release", "dev"
    std::string_view compiler;  ///< "GNU 12.2.0"
};
const Build& build();

/// Name and version of a library.
using Libraries = std::vector<std::pair<std::string, std::string>>;

/// What `--version --json` prints, without a line end. `database_format`: of those who know it.
std::string build_json(std::string_view program, const Libraries& libraries,
                       std::optional<std::uint64_t> database_format = {});

/// Boost as it was compiled with: "1.81".
std::string boost_version();

}  // namespace genspool::proto
