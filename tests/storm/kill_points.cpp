#include "tests/storm/kill_points.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "tests/support/places.hpp"

namespace genspool::tests {

std::vector<std::string> kill_points() {
    static const std::regex point(R"re(GENSPOOL_KILL_POINT\(\s*"([^"]+)"\s*\))re");
    std::set<std::string> names;
    for (const char* const folder : {"proto", "queue", "workers", "daemon", "cli"}) {
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(source_path(folder))) {
            if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
            std::ifstream file(entry.path());
            const std::string text((std::istreambuf_iterator<char>(file)),
                                   std::istreambuf_iterator<char>());
            for (std::sregex_iterator match(text.begin(), text.end(), point), end; match != end;
                 ++match)
                names.insert((*match)[1]);
        }
    }
    return {names.begin(), names.end()};
}

std::string part_of_kill_point(const std::string& name) {
    return name.substr(0, name.find('.'));
}

}  // namespace genspool::tests
