// The examples of settings and of JSON in the pages are real ones.
#include <doctest/doctest.h>
#include <toml++/toml.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "daemon/api_description.hpp"
#include "daemon/config.hpp"
#include "proto/catalog/catalog.hpp"
#include "tests/daemon/running_daemon.hpp"
#include "tests/support/doc_blocks.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/places.hpp"

using namespace genspool;
using namespace genspool::tests;
namespace json = boost::json;

namespace {

json::value parse_file(const std::string& path) {
    std::ifstream file(source_path(path));
    return json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

bool is_job(const json::value& value) {
    return value.is_object() &&
           (value.get_object().contains("request") || value.get_object().contains("url"));
}

/// Answers that leave something out, and so are valid by no schema.
bool is_shortened(const DocBlock& block) {
    return block.text.find("\xE2\x80\xA6") != std::string::npos;
}

/// Settings of programs that speak MCP.
bool is_for_others(const DocBlock& block) {
    return block.page == "docs/mcp.md";
}

/// Where an answer fits none of the API's schemas, why it does not fit each.
std::string answer_fault(const json::value& answer) {
    static const json::value api = json::parse(daemon::api_description().bytes);
    const JsonSchema schema(api, true);
    std::string why;
    for (const char* const name :
         {"Problem", "Estimate", "Blob", "BatchTaken", "BatchEstimate", "ResultLine"}) {
        const std::string fault =
            schema.fault_at(answer, std::string("#/components/schemas/") + name);
        if (fault.empty()) return {};
        why += std::string(name) + ": " + fault + "; ";
    }
    return why;
}

}  // namespace

TEST_CASE("every example of settings in the pages is valid, by the reader and by the schema") {
    const json::value schema = parse_file("docs/schema/genspool.schema.json");
    daemon::ConfigSources sources;
    sources.registry = &proto::catalog();
    sources.environment = {{"HOME", "/home/ann"}};
    sources.keys = false;
    // Files that are not there, and a secret that another example gives.
    const std::set<std::string> of_the_place{"http.token_file", "http.tls_cert",
                                             "daemon.admin_group"};
    const auto blocks = doc_blocks("toml");
    CHECK(blocks.size() >= 7);
    for (const DocBlock& block : blocks) {
        CAPTURE(block.place());
        std::string text = block.text;
        // An account of which only a part is shown.
        if (text.find("[[account]]") != text.npos && text.find("\nprovider") == text.npos)
            text += "provider = \"minimax\"\n";
        if (text.find("[[account]]") != text.npos && text.find("api_key_") == text.npos)
            text += "api_key_env = \"KEY\"\n";
        const auto read = daemon::parse_config(text, block.place(), sources);
        if (const auto* const errors = std::get_if<std::vector<daemon::ConfigError>>(&read)) {
            for (const daemon::ConfigError& error : *errors) {
                CAPTURE(error.text());
                CHECK(of_the_place.contains(error.key));
            }
        }
        std::ostringstream as_json;
        as_json << toml::json_formatter{toml::parse(text)};
        CHECK(JsonSchema(schema, true).fault_at(json::parse(as_json.str()), "#") == "");
    }
}

TEST_CASE("every example of JSON in the pages is a job that is taken, or an answer of the API") {
    RunningDaemon daemon;
    auto client = daemon.client();
    const json::value schema = parse_file("docs/schema/job.schema.json");
    const auto blocks = doc_blocks("json");
    CHECK(blocks.size() >= 6);
    std::size_t shortened = 0;
    std::size_t for_others = 0;
    for (const DocBlock& block : blocks) {
        CAPTURE(block.place());
        // One value, or one in each line.
        json::error_code error;
        std::vector<json::value> values{json::parse(block.text, error)};
        if (error) {
            values.clear();
            std::istringstream lines(block.text);
            for (std::string line; std::getline(lines, line);)
                values.push_back(json::parse(line));
        }
        if (is_job(values.front())) {
            for (const json::value& job : values)
                CHECK(JsonSchema(schema, true).fault_at(job, "#") == "");
            // Several are a file, in which one may name another.
            const json::value body(json::array(values.begin(), values.end()));
            const ApiReply reply = client.post("/v1/jobs?dry_run=true", json::serialize(body));
            CAPTURE(reply.body);
            CHECK(reply.at("accepted") == std::to_string(values.size()));
        } else if (is_for_others(block)) {
            ++for_others;
        } else if (is_shortened(block)) {
            ++shortened;
        } else {
            for (const json::value& answer : values)
                CHECK(answer_fault(answer) == "");
        }
    }
    // docs/inbox.md shows a result without most of the job in it. Whoever adds one thinks about it.
    CHECK(shortened == 1);
    CHECK(for_others == 2);
}
