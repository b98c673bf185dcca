// docs/providers.md says what there is, and nothing else.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "proto/minimax/provider.hpp"
#include "proto/resources.hpp"
#include "tests/support/places.hpp"

using namespace genspool::proto;
using namespace genspool::tests;

namespace {

struct Row {
    std::string endpoint;
    std::string op;  ///< or resource, "GET files/{}"
    std::string test;
};

/// The text between the first pair of backquotes of a cell.
std::string quoted(const std::string& cell) {
    const std::size_t begin = cell.find('`');
    if (begin == std::string::npos) return {};
    return cell.substr(begin + 1, cell.find('`', begin + 1) - begin - 1);
}

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::size_t begin = 1;
    for (std::size_t end = line.find('|', begin); end != std::string::npos;
         end = line.find('|', begin)) {
        cells.push_back(line.substr(begin, end - begin));
        begin = end + 1;
    }
    return cells;
}

std::vector<Row> rows() {
    std::ifstream file(source_path("docs/providers.md"));
    std::vector<Row> found;
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("| `")) continue;
        const auto cells = cells_of(line);
        REQUIRE(cells.size() == 4);
        found.push_back({quoted(cells[0]), quoted(cells[1]), quoted(cells[3])});
    }
    return found;
}

std::string text_of(const std::string& path) {
    std::ifstream file(source_path(path));
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("every op and resource has its row in docs/providers.md, and every row a test") {
    std::map<std::string, std::string> described;
    for (const Row& row : rows()) {
        CAPTURE(row.op);
        CHECK(described.emplace(row.op, row.endpoint).second);
        REQUIRE(row.test.starts_with("tests/"));
        CHECK(text_of(row.test).find("TEST_CASE(") != std::string::npos);
    }
    const std::string end_to_end = text_of("tests/e2e/every_op_test.cpp");
    std::set<std::string> built;
    for (const Codec* codec : minimax_provider().codecs()) {
        const std::string op{codec->info().name};
        built.insert(op);
        CAPTURE(op);
        CHECK(end_to_end.find('"' + op + '"') != std::string::npos);
    }
    for (const Resource& resource : minimax_provider().resources()->table()) {
        const std::string name = std::string(resource.method) + " " + std::string(resource.path);
        built.insert(name);
        CAPTURE(name);
        CHECK(described[name] == resource.endpoint);
    }
    std::set<std::string> names;
    for (const auto& [name, endpoint] : described)
        names.insert(name);
    CHECK(names == built);
}
