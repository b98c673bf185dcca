#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/mcp_session.hpp"
#include "cli/program.hpp"
#include "proto/build.hpp"

namespace genspool::cli {
namespace {

/// Together with the longest wait less than the minute that clients have for an answer.
constexpr std::chrono::seconds away_max{10};

Exit speak(Context& context, const std::string& directory) {
    const auto note = [&context](const std::string& line) {
        context.console.err_line("genspool: " + line);
    };
    const McpCalls calls([&context] { return context.address(); },
                         LocalFolder(directory, context.home()),
                         std::min(context.away_max, away_max), note);
    McpSession session(context.console, calls, std::string(proto::build().version));
    session.run();
    return Exit::done;
}

}  // namespace

void add_mcp(Program& program) {
    auto directory = std::make_shared<std::string>();
    CLI::App* const verb = program.verb(
        "mcp",
        "Serve assistants that speak the Model Context Protocol, on standard input and output",
        "  claude mcp add genspool -- genspool mcp --directory ~/films\n"
        "  npx @modelcontextprotocol/inspector --cli genspool mcp --method tools/list",
        [directory](Context& context) { return speak(context, *directory); });
    verb->add_option("--directory", *directory,
                     "The only folder where files that a request names are read and\n"
                     "fetched files are saved (default: the current one, unless your\n"
                     "home directory is it or lies in it)")
        ->type_name("DIR");
}

}  // namespace genspool::cli
