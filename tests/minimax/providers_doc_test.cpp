// docs/providers.md says what there is, and nothing else.
#include <doctest/doctest.h>

#include <array>
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
    std::string op;  ///< or resource, "GET files/{}"; empty: there is neither
    std::string test;
    std::string why;  ///< there is neither
};

/// What MiniMax's documentation, and those who have tried, say that there is.
constexpr std::array endpoints{
    "/v1/video_generation",
    "/v1/query/video_generation",
    "/v1/video_template_generation",
    "/v1/query/video_template_generation",
    "/v2/video_generation",
    "/v2/video_regeneration",
    "/v2/h3_context_ir",
    "/v2/query/video_generation",
    "/v2/query/video_generation/{}",
    "/v2/video_generation/{task}",
    "/v1/t2a_v2",
    "/ws/v1/t2a_v2",
    "/ws/v1/t2a_v2_bidi",
    "/v1/t2a_async_v2",
    "/v1/query/t2a_async_query_v2",
    "/v1/voice_clone",
    "/v1/voice_design",
    "/v1/get_voice",
    "/v1/delete_voice",
    "/v1/image_generation",
    "/v1/music_generation",
    "/v1/lyrics_generation",
    "/v1/music_cover_preprocess",
    "/v1/music_upload",
    "/v1/text/chatcompletion_v2",
    "/v1/chat/completions",
    "/anthropic/v1/messages",
    "/anthropic/v1/models",
    "/v1/models",
    "/v1/batches",
    "/v1/batches/{}",
    "/v1/batches/{id}/cancel",
    "/v1/files/upload",
    "/v1/files/list",
    "/v1/files/retrieve",
    "/v1/files/retrieve_content",
    "/v1/files/delete",
    "/v1/files",
    "/v1/token_plan/remains",
    "/v1/speech_to_text",
    "/v1/embeddings",
    "/v1/coding_plan/search",
    "/v1/coding_plan/vlm",
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
        CAPTURE(line);
        if (cells.size() == 2) {
            found.push_back({quoted(cells[0]), {}, {}, cells[1]});
            continue;
        }
        REQUIRE(cells.size() == 4);
        found.push_back({quoted(cells[0]), quoted(cells[1]), quoted(cells[3]), {}});
    }
    return found;
}

std::string text_of(const std::string& path) {
    std::ifstream file(source_path(path));
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE(
    "every op and resource has its row in docs/providers.md, and every row a test or a reason") {
    std::map<std::string, std::string> described;
    for (const Row& row : rows()) {
        CAPTURE(row.endpoint);
        CHECK(row.op.empty() != row.why.empty());
        // A sentence, not a dash.
        if (row.op.empty()) CHECK(row.why.size() > 20);
        if (row.op.empty()) continue;
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

TEST_CASE("docs/providers.md says of every endpoint that MiniMax has what becomes of it") {
    const std::string text = text_of("docs/providers.md");
    for (const std::string endpoint : endpoints) {
        CAPTURE(endpoint);
        // Its end is the code's, or a query begins there.
        const bool named = text.find(endpoint + "`") != std::string::npos ||
                           text.find(endpoint + "?") != std::string::npos;
        CHECK(named);
    }
}
