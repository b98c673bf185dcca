#include "tests/support/doc_blocks.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/support/places.hpp"

namespace genspool::tests {
namespace {

void read_page(const std::string& page, const std::string& language,
               std::vector<DocBlock>& blocks) {
    std::ifstream file(source_path(page));
    bool inside = false;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (!inside && line == "```" + language) {
            blocks.push_back({page, number + 1, {}});
            inside = true;
        } else if (inside && line == "```") {
            inside = false;
        } else if (inside) {
            blocks.back().text += line + "\n";
        }
    }
}

}  // namespace

std::vector<DocBlock> doc_blocks(const std::string& language) {
    std::vector<std::string> pages{"README.md"};
    for (const std::string folder : {"docs", "docs/guides"}) {
        std::error_code none;  // a folder that is not there has no pages
        for (const auto& entry : std::filesystem::directory_iterator(source_path(folder), none))
            if (entry.path().extension() == ".md")
                pages.push_back(folder + "/" + entry.path().filename().string());
    }
    std::ranges::sort(pages);
    std::vector<DocBlock> blocks;
    for (const std::string& page : pages)
        read_page(page, language, blocks);
    return blocks;
}

}  // namespace genspool::tests
