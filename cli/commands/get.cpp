#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>

#include "cli/commands/commands.hpp"
#include "cli/download.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/targets.hpp"
#include "cli/urls.hpp"

namespace genspool::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct Options {
    Targets targets;
    std::optional<std::size_t> n;
    std::string output;
    bool force = false;
};

/// The artifacts that are wanted and there.
std::vector<json::value> choose(const json::value& job, const Options& options) {
    const std::string id = text_at(job, "id");
    const auto artifacts = list_at(job, "artifacts");
    if (options.n && *options.n >= artifacts.size())
        throw CommandFailed(Exit::not_found, "job " + id + " has " +
                                                 std::to_string(artifacts.size()) +
                                                 " artifacts, counted from 0");
    std::vector<json::value> chosen;
    for (std::size_t i = 0; i < artifacts.size(); ++i) {
        const bool home = text_at(artifacts[i], "state") == "home";
        if (options.n ? *options.n == i : home) chosen.push_back(artifacts[i]);
    }
    if (!chosen.empty()) return chosen;
    const std::string why = remark(job);
    throw CommandFailed(is_settled(job) ? Exit::not_found : Exit::not_allowed,
                        "job " + id + " is " + text_at(job, "state") + " and has no artifact" +
                            (why.empty() ? "" : ": " + printable(why)));
}

/// Its name in the artifacts' directory, without directories.
std::string own_name(const json::value& artifact, const std::string& id) {
    const std::string name = fs::path(text_at(artifact, "name")).filename().string();
    return name.empty() ? id + "-" + text_at(artifact, "n") : name;
}

bool is_directory(const Options& options) {
    std::error_code ignored;  // what cannot be looked at is no directory
    return options.output.ends_with('/') || fs::is_directory(options.output, ignored);
}

std::string place_for(const json::value& artifact, const std::string& id, const Options& options,
                      bool several) {
    if (options.output.empty()) return own_name(artifact, id);
    if (is_directory(options)) return (fs::path(options.output) / own_name(artifact, id)).string();
    if (several)
        throw CommandFailed(Exit::usage,
                            "the job has several artifacts: choose one with -n, or "
                            "name a directory with -o");
    return options.output;
}

void to_standard_output(Context& context, const std::string& target) {
    HttpCall call;
    call.target = target;
    call.sink = [&context](std::string_view bytes) {
        context.console.out(bytes);
        return true;
    };
    // Bytes that have left cannot be taken back, so an answer that breaks off is not asked for
    // again.
    context.daemon().exchange(call, false);
}

/// What this run has written is not replaced by what comes later in it, --force or not.
void refuse_same(std::set<std::string>& written, const std::string& path) {
    if (!written.insert(path).second)
        throw CommandFailed(Exit::usage, "another of these jobs has an artifact named " + path +
                                             ": get this one by itself, with -o");
}

Exit get_one(Context& context, const Options& options, const std::string& reference,
             std::set<std::string>& written) {
    const std::string body = context.daemon().get(job_path(reference));
    const json::value job = parse_reply(body);
    const std::string id = text_at(job, "id");
    const auto chosen = choose(job, options);
    if (options.output == "-" && chosen.size() > 1)
        throw CommandFailed(Exit::usage, "the job has several artifacts: choose one with -n");
    for (const json::value& artifact : chosen) {
        const std::string target = job_path(id, "/artifacts/" + text_at(artifact, "n"));
        if (options.output == "-") {
            to_standard_output(context, target);
            continue;
        }
        const std::string path = place_for(artifact, id, options, chosen.size() > 1);
        refuse_same(written, path);
        download_to_file(context.daemon(), target, path, options.force,
                         text_at(artifact, "sha256"));
        if (!context.json) context.console.out_line(path);
    }
    if (context.json && options.output != "-") context.print_json(body);
    return Exit::done;
}

Exit get(Context& context, const Options& options) {
    const std::vector<std::string> ids = chosen_ids(context, options.targets);
    if (ids.size() > 1 && !options.output.empty() && !is_directory(options))
        throw CommandFailed(Exit::usage,
                            "several jobs go into a directory: -o must be one that exists, or end "
                            "with a /");
    std::set<std::string> written;
    return on_each(context, ids,
                   [&](const std::string& id) { return get_one(context, options, id, written); });
}

}  // namespace

void add_get(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb =
        program.verb("get", "Download a job's artifacts and print where they are",
                     "  genspool get 01KAMZ3T                  # into the current directory\n"
                     "  genspool get 01KAMZ3T -n 0 -o fox.mp4\n"
                     "  genspool get 01KAMZ3T -o - | ffplay -\n"
                     "  genspool get --batch 01KAMX --state succeeded -o reel-3",
                     [options](Context& context) { return get(context, *options); });
    add_targets(*verb, options->targets);
    verb->add_option("-n", options->n, "Only this artifact, counted from 0")->type_name("N");
    verb->add_option("-o,--output", options->output,
                     "The file or directory to write (- for standard output)")
        ->type_name("PATH");
    verb->add_flag("--force", options->force, "Replace a file that exists");
}

}  // namespace genspool::cli
