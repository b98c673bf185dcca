#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <filesystem>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"

namespace genspool::cli {
namespace {

struct Options {
    std::string directory;
    bool artifacts = false;
};

Exit backup(Context& context, const Options& options) {
    boost::json::object object;
    // The daemon writes it, and stands somewhere else.
    object["directory"] = std::filesystem::absolute(options.directory).string();
    if (options.artifacts) object["artifacts"] = true;
    const std::string body = context.daemon().post_once("/v1/backup", to_text(object));
    if (context.json) {
        context.print_json(body);
        return Exit::done;
    }
    const auto reply = parse_reply(body);
    context.console.out_line(text_at(reply, "directory"));
    if (context.console.err_terminal) {
        context.console.err_line("holds everything up to event " + text_at(reply, "last_event") +
                                 " (" + text_at(reply, "at") + "), " + text_at(reply, "bytes") +
                                 " bytes");
    }
    return Exit::done;
}

}  // namespace

void add_backup(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "backup", "Copy the daemon's state, while it works, to a new directory",
        "  genspool backup /var/lib/genspool/backups/monday\n"
        "  genspool backup --artifacts /var/lib/genspool/backups/monday\n"
        "To restore, stop the daemon, put a copy of the directory in the place of its state\n"
        "directory, and start it: it buys nothing until `genspool resume`.\n"
        "`genspool ls --doubtful` lists what may have been bought since.",
        [options](Context& context) { return backup(context, *options); });
    verb->add_option("DIR", options->directory, "On the daemon's machine; must not exist yet")
        ->required()
        ->check(not_empty())
        ->type_name("");
    verb->add_flag("--artifacts", options->artifacts,
                   "With the artifacts: links on the same file system, else copies");
}

}  // namespace genspool::cli
