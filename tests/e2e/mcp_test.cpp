// Assistants that speak MCP, over the daemon.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/e2e/tcp_place.hpp"
#include "tests/e2e/workplace.hpp"
#include "tests/programs/upstream_logs.hpp"
#include "tests/support/await.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process.hpp"

using namespace genspool::tests;

namespace {

std::string text_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A node program that writes to DIRECTORY/out and DIRECTORY/err.
struct Node {
    Node(const std::string& directory, std::vector<std::string> arguments,
         const DaemonProgram& daemon, const std::string& runs_in = {})
        : out(directory + "/out"),
          err(directory + "/err"),
          process(options(std::move(arguments), daemon, runs_in)) {}

    ProcessOptions options(std::vector<std::string> arguments, const DaemonProgram& daemon,
                           const std::string& runs_in) const {
        ProcessOptions made;
        made.command = {"/usr/bin/env", "node"};
        made.command.insert(made.command.end(), arguments.begin(), arguments.end());
        made.environment = {"GENSPOOL_SOCKET=" + daemon.socket()};
        made.directory = runs_in;
        made.output = out;
        made.errors = err;
        return made;
    }

    /// What it printed; it must end well.
    boost::json::value result() {
        const int code = process.wait();
        CAPTURE(text_of_file(out));
        CAPTURE(text_of_file(err));
        REQUIRE(code == 0);
        return boost::json::parse(text_of_file(out));
    }

    std::string out;
    std::string err;
    Process process;
};

std::string folder(const TemporaryDirectory& directory, const std::string& name) {
    std::filesystem::create_directory(directory.path(name));
    return directory.path(name);
}

}  // namespace

TEST_CASE("an assistant's order survives a kill of the daemon, is bought once and is saved") {
    Workplace place({"--latency", "1s"});
    REQUIRE(place.daemon.start());
    const std::string directory = folder(place.directory, "agent");
    Node agent(directory, {source_path("tests/e2e/mcp_agent.mjs"), program("genspool"), directory},
               place.daemon);
    await("its order", [&] {
        return std::filesystem::exists(directory + "/ordered") || !agent.process.running();
    });
    // Else the kill may catch the purchase on the wire, and the job is held.
    await("its film to be bought", [&] {
        const DaemonProgram& daemon = place.daemon;
        return daemon.count("queued") + daemon.count("preparing") + daemon.count("submitting") == 0;
    });
    place.daemon.kill();
    REQUIRE(place.daemon.start());
    std::ofstream(directory + "/restarted").flush();

    const auto came = agent.result();
    CHECK(came.at("again") == came.at("first"));
    CHECK(came.at("jobs").to_number<int>() == 1);
    CHECK(came.at("code").to_number<int>() == 0);
    CHECK(place.simulator.purchases().size() == 1);
    const std::string saved(came.at("saved").as_string());
    CHECK(saved.find("/films/") != std::string::npos);
    CHECK(sha256_of_file(saved) == place.simulator.purchases().at(0).sha256.at(0));
}

TEST_CASE("MCP's own clients, which GENSPOOL_MCP_CLIENTS names, use every tool") {
    const char* const modules =
        std::getenv("GENSPOOL_MCP_CLIENTS");  // NOLINT(concurrency-mt-unsafe)
    if (modules == nullptr) {
        MESSAGE("not run: `./run mcp` fetches them");
        return;
    }
    TcpPlace place({"--latency", "50ms"}, {});
    REQUIRE(place.work.daemon.start());
    const std::string directory = folder(place.directory, "clients");
    Node clients(directory,
                 {source_path("tests/e2e/mcp_clients.mjs"), modules, program("genspool"), directory,
                  "http://127.0.0.1:" + place.work.daemon.http_port(), place.token},
                 place.work.daemon);
    const auto came = clients.result();
    CHECK(came.at("older stdio") == "genspool");
    CHECK(came.at("older http") == "genspool");
    CHECK(came.at("newer stdio") == "2026-07-28");
    CHECK(came.at("newer http") == "2026-07-28");
    // Each of the four has ordered one picture, twice, and taken up one that was called off.
    CHECK(place.work.simulator.purchases().size() == 8);
}

TEST_CASE("MCP's inspector, which GENSPOOL_MCP_CLIENTS names, lists and calls every tool") {
    const char* const modules =
        std::getenv("GENSPOOL_MCP_CLIENTS");  // NOLINT(concurrency-mt-unsafe)
    if (modules == nullptr) {
        MESSAGE("not run: `./run mcp` fetches it");
        return;
    }
    TcpPlace place({"--latency", "50ms"}, {});
    REQUIRE(place.work.daemon.start());
    // It finds its own package.json only from here.
    const std::string inspector =
        std::string(modules) + "/@modelcontextprotocol/inspector-cli/build";
    int runs = 0;
    const auto inspect = [&](std::vector<std::string> arguments, bool http = false) {
        std::vector<std::string> command = {inspector + "/index.js"};
        if (http) {
            command.push_back("http://127.0.0.1:" + place.work.daemon.http_port() + "/mcp");
        } else {
            command.insert(command.end(), {program("genspool"), "mcp", "--directory",
                                           place.directory.path("saved")});
        }
        command.insert(command.end(), arguments.begin(), arguments.end());
        if (http)
            command.insert(command.end(), {"--header", "Authorization: Bearer " + place.token});
        Node node(folder(place.directory, "run" + std::to_string(++runs)), command,
                  place.work.daemon, inspector);
        return node.result();
    };
    const auto call = [&](const std::string& tool, std::vector<std::string> arguments,
                          bool http = false) {
        CAPTURE(tool);
        std::vector<std::string> all = {"--method", "tools/call", "--tool-name", tool};
        for (std::string& each : arguments) {
            all.emplace_back("--tool-arg");
            all.push_back(std::move(each));
        }
        const auto result = inspect(std::move(all), http);
        const auto* const error = result.as_object().if_contains("isError");
        CHECK_FALSE((error != nullptr && error->as_bool()));
        return result.at("structuredContent");
    };
    std::filesystem::create_directory(place.directory.path("saved"));
    const std::vector<std::string> order = {"kind=image", "model=image-01", "prompt=a kite"};

    CHECK(inspect({"--method", "tools/list"}).at("tools").as_array().size() == 10);
    CHECK(inspect({"--method", "tools/list"}, true).at("tools").as_array().size() == 10);
    call("kinds", {});
    call("price", order);
    const auto job = call("submit", order).at("job");
    const std::string id = "id=" + std::string(job.at("id").as_string());
    await("its picture", [&] { return place.work.daemon.is_quiet(); });
    CHECK(call("wait", {id, "seconds=1"}, true).at("job").at("state") == "succeeded");
    call("show", {id});
    call("list", {"state=succeeded"}, true);
    call("explain", {id});
    const auto files = call("fetch", {id, "directory=here"}).at("job").at("artifacts");
    CHECK(std::filesystem::exists(std::string(files.at(0).at("saved").as_string())));
    std::vector<std::string> later = order;
    later.emplace_back("not_before=+2h");
    const std::string other =
        "id=" + std::string(call("submit", later, true).at("job").at("id").as_string());
    CHECK(call("cancel", {other}).at("job").at("state") == "canceled");
    call("retry", {other}, true);
    await("the other picture", [&] { return place.work.daemon.is_quiet(); });
    CHECK(place.work.simulator.purchases().size() == 2);
}
