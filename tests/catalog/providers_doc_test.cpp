// docs/providers.md says what there is, and nothing else.
#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "proto/catalog/catalog.hpp"
#include "proto/resources.hpp"
#include "proto/useapi/decommissioned.hpp"
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
constexpr std::array minimax_endpoints{
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

/// The same of useapi.net, below the root of its MiniMax API.
constexpr std::array useapi_endpoints{
    "/accounts",
    "/accounts/{}",
    "/features/",
    "/files/",
    "/files/{}",
    "/videos/create",
    "/videos/{}",
    "/videos/",
    "/videos/cancel",
    "/videos/agent-create",
    "/videos/agent-templates/",
    "/videos/characters/",
    "/images/create",
    "/images/{}",
    "/images/",
    "/agent",
    "/agent/{}",
    "/agent/jobs",
    "/speech/create",
    "/speech/create-mp3",
    "/speech/create-stream",
    "/speech/clone-voice",
    "/speech/{}",
    "/speech/",
    "/speech/voices/",
    "/music/create",
    "/music/{}",
    "/scheduler/",
    "/scheduler/available",
    "/scheduler/{}",
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

std::string text_of(const std::string& path) {
    std::ifstream file(source_path(path));
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// What the document says of this provider.
std::string section_of(std::string_view provider) {
    const std::string text = text_of("docs/providers.md");
    const std::size_t begin = text.find("\n## " + std::string(provider) + "\n");
    REQUIRE(begin != std::string::npos);
    return text.substr(begin, text.find("\n## ", begin + 1) - begin);
}

std::vector<Row> rows(std::string_view provider) {
    std::istringstream section(section_of(provider));
    std::vector<Row> found;
    for (std::string line; std::getline(section, line);) {
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

std::set<std::string> all_of(const Provider& provider) {
    std::set<std::string> names;
    for (const Codec* codec : provider.codecs())
        names.emplace(codec->info().name);
    for (const Resource& resource : provider.resources()->table())
        names.insert(std::string(resource.method) + " " + std::string(resource.path));
    return names;
}

/// Its end is the code's, or a query begins there.
bool names_endpoint(const std::string& text, const std::string& endpoint) {
    return text.find(endpoint + "`") != std::string::npos ||
           text.find(endpoint + "?") != std::string::npos;
}

}  // namespace

TEST_CASE(
    "every op and resource has its row in docs/providers.md, and every row a test or a reason") {
    for (const Provider* provider : catalog().providers()) {
        CAPTURE(provider->name());
        std::map<std::string, std::string> described;
        std::set<std::string> names;
        for (const Row& row : rows(provider->name())) {
            CAPTURE(row.endpoint);
            CHECK(row.op.empty() != row.why.empty());
            // A sentence, not a dash.
            if (row.op.empty()) CHECK(row.why.size() > 20);
            if (row.op.empty()) continue;
            CHECK(described.emplace(row.op, row.endpoint).second);
            names.insert(row.op);
            REQUIRE(row.test.starts_with("tests/"));
            CHECK(text_of(row.test).find("TEST_CASE(") != std::string::npos);
        }
        CHECK(names == all_of(*provider));
        for (const Resource& resource : provider->resources()->table())
            CHECK(described[std::string(resource.method) + " " + std::string(resource.path)] ==
                  resource.endpoint);
    }
}

TEST_CASE("every op is bought once from end to end") {
    const std::string end_to_end = text_of("tests/e2e/every_op_test.cpp");
    for (const Provider* provider : catalog().providers()) {
        for (const Codec* codec : provider->codecs()) {
            const std::string op{codec->info().name};
            CAPTURE(op);
            CHECK(end_to_end.find('"' + op + '"') != std::string::npos);
        }
    }
}

TEST_CASE("docs/providers.md says of every endpoint that there is what becomes of it") {
    const std::string minimax = section_of("minimax");
    for (const std::string endpoint : minimax_endpoints) {
        CAPTURE(endpoint);
        CHECK(names_endpoint(minimax, endpoint));
    }
    const std::string useapi = section_of("useapi");
    for (const std::string endpoint : useapi_endpoints) {
        CAPTURE(endpoint);
        CHECK(names_endpoint(useapi, endpoint));
    }
    for (const useapi::Decommissioned& gone : useapi::decommissioned()) {
        CAPTURE(gone.path);
        CHECK(names_endpoint(useapi, std::string(gone.path)));
        CHECK(useapi.find(gone.since) != std::string::npos);
    }
}
