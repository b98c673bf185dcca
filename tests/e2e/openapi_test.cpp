// The API's description, judged by programs that were made for such documents.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/e2e/workplace.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

using namespace genspool::tests;

namespace {

/// What that variable names; null, and told, where it is not set.
const char* named_by(const char* variable) {
    const char* const value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr)
        MESSAGE("not run: " << variable << " is set by `./run test` where npm and Node.js 20 are");
    return value;
}

std::string text_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct NodeRun {
    int code = 0;
    std::string out;
};

NodeRun run_node(const TemporaryDirectory& directory, std::vector<std::string> arguments) {
    ProcessOptions options;
    options.command = {"/usr/bin/env", "node"};
    options.command.insert(options.command.end(), arguments.begin(), arguments.end());
    options.environment = {"REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true"};
    options.directory = directory.path();
    options.output = directory.path("said");
    options.errors = directory.path("complained");
    NodeRun run;
    run.code = Process(options).wait();
    run.out = text_of_file(options.output);
    INFO(text_of_file(options.errors));
    CHECK(run.code == 0);
    return run;
}

}  // namespace

TEST_CASE("a stock linter, which GENSPOOL_REDOCLY names, has nothing to say of the description") {
    const char* const linter = named_by("GENSPOOL_REDOCLY");
    if (linter == nullptr) return;
    const TemporaryDirectory directory;
    const NodeRun run = run_node(
        directory, {linter, "lint", "--format=json", source_path("daemon/openapi/openapi.json")});
    INFO(run.out);
    const auto totals = boost::json::parse(run.out).at("totals");
    CHECK(totals.at("errors") == 0);
    CHECK(totals.at("warnings") == 0);
    CHECK(totals.at("ignored") == 0);
}

TEST_CASE("requests made up from the description, with GENSPOOL_AJV, get foreseen answers only") {
    const char* const ajv = named_by("GENSPOOL_AJV");
    if (ajv == nullptr) return;
    // Another seed makes other requests.
    const char* const wanted = std::getenv("GENSPOOL_SEED");  // NOLINT(concurrency-mt-unsafe)
    const std::string seed = wanted == nullptr ? "1" : wanted;
    const TemporaryDirectory directory;
    DaemonSettings settings;
    settings.tables = "[[hook]]\nname = \"ops\"\ncommand = [\"/bin/true\"]\n";
    Workplace work({"--latency", "20ms"}, settings);
    REQUIRE(work.daemon.start());
    const NodeRun run = run_node(directory, {source_path("tests/e2e/openapi_fuzz.mjs"), ajv,
                                             work.daemon.socket(), directory.path(), seed, "700"});
    INFO(run.out);
    CHECK(run.out.starts_with("seed " + seed + ": "));
    CHECK(run.out.find("\"200\":") != std::string::npos);
}
