#include "cli/program.hpp"

#include <openssl/crypto.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/commands/commands.hpp"
#include "cli/completing.hpp"
#include "cli/live_words.hpp"
#include "proto/build.hpp"

namespace genspool::cli {
namespace {

constexpr const char* about =
    "genspool hands generative-media jobs to the spooler and looks after them.";

constexpr const char* epilogue =
    "Ids may be shortened to any unique prefix. Every verb takes --json for programs.\n"
    "The daemon is found by --socket, GENSPOOL_SOCKET, GENSPOOL_URL (with GENSPOOL_TOKEN, and "
    "with\n"
    "GENSPOOL_CA for https), else at $XDG_RUNTIME_DIR/genspool.sock or "
    "/run/genspool/genspool.sock.\n\n"
    "Exit codes: 0 done, 1 the job failed, 2 usage, 3 not found, 4 not allowed,\n"
    "5 daemon unreachable, 6 held, 124 wait timed out.\n\n"
    "Example:\n"
    "  genspool run video --model MiniMax-Hailuo-02 --prompt \"a fox in the snow\"\n"
    "  genspool submit --help";

std::string version_text(bool json) {
    if (!json) return "genspool " + std::string(proto::build().version);
    return proto::build_json("genspool", {{"boost", proto::boost_version()},
                                          {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)},
                                          {"CLI11", CLI11_VERSION}});
}

}  // namespace

Program::Program(Context& context) : context_(context), app_(about, "genspool") {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", version_text(false),
                          "Print the version (with --json: all of it)");
    app_.add_option("--socket", context_.socket, "The daemon's unix socket")->type_name("PATH");
    app_.add_flag("--json", context_.json, "Print the daemon's JSON as it is");
    for (const auto add : all_verbs())
        add(*this);
    for (CLI::App* const verb : app_.get_subcommands({}))
        add_common(*verb);  // last, so that the help shows a verb's own options first
    app_.footer(epilogue);
}

CLI::App* Program::verb(const std::string& name, const std::string& what,
                        const std::string& example, Action action) {
    CLI::App* const verb = app_.add_subcommand(name, what);
    verb->footer("Example:\n" + example);
    verb->callback([this, action = std::move(action)] { action_ = action; });
    return verb;
}

void Program::add_common(CLI::App& verb) {
    verb.add_option("--socket", context_.socket, "The daemon's unix socket")
        ->type_name("PATH")
        ->group("Common options");
    verb.add_flag("--json", context_.json, "Print the daemon's JSON as it is")
        ->group("Common options");
}

int Program::complain(const CLI::ParseError& error) const {
    const auto chosen = app_.get_subcommands();
    const auto unknown = app_.remaining();
    std::string what = error.what();
    if (chosen.empty() && !unknown.empty()) what = "there is no verb \"" + unknown.front() + "\"";
    const std::string verb = chosen.empty() ? "" : chosen.front()->get_name() + " ";
    context_.console.err_line("genspool: " + what + " (see `genspool " + verb + "--help`)");
    return static_cast<int>(Exit::usage);
}

/// What the shells' scripts ask for: it is not parsed as the words that it is about are.
int Program::complete(std::vector<std::string> words) {
    const auto socket = std::find(words.begin(), words.end(), "--socket");
    if (socket != words.end() && socket + 1 != words.end()) context_.socket = socket[1];
    const Completion found = cli::complete(app_, std::move(words), live_words(context_));
    for (const Candidate& each : found.candidates)
        context_.console.out_line(each.about.empty() ? each.word : each.word + "\t" + each.about);
    if (found.files) context_.console.out_line(":files");
    return static_cast<int>(Exit::done);
}

int Program::run(std::vector<std::string> arguments) {
    const Console& console = context_.console;
    try {
        if (!arguments.empty() && arguments.front() == "complete")
            return complete({arguments.begin() + 1, arguments.end()});
        std::reverse(arguments.begin(), arguments.end());  // as the parser wants them
        app_.parse(std::move(arguments));
        return static_cast<int>(action_(context_));
    } catch (const CLI::CallForHelp&) {
        console.out(app_.help());
        return 0;
    } catch (const CLI::CallForAllHelp&) {
        console.out(app_.help("", CLI::AppFormatMode::All));
        return 0;
    } catch (const CLI::CallForVersion&) {
        console.out_line(version_text(app_.count("--json") != 0));
        return 0;
    } catch (const CLI::ParseError& error) {
        return complain(error);
    } catch (const CommandFailed& failure) {
        console.err_line(std::string("genspool: ") + failure.what());
        return static_cast<int>(failure.exit());
    } catch (const std::exception& error) {
        console.err_line(std::string("genspool: ") + error.what());
        return static_cast<int>(Exit::failed);
    }
}

CLI::Validator not_empty() {
    return {[](const std::string& text) { return text.empty() ? "must not be empty" : ""; },
            std::string()};
}

int run_program(std::vector<std::string> arguments, Environment environment, Console& console,
                std::chrono::seconds away_max) {
    Context context(console, std::move(environment));
    context.away_max = away_max;
    Program program(context);
    return program.run(std::move(arguments));
}

}  // namespace genspool::cli
