#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/download.hpp"
#include "cli/json_reading.hpp"
#include "cli/named_file.hpp"
#include "cli/program.hpp"
#include "cli/remote_text.hpp"
#include "cli/urls.hpp"
#include "proto/media_signature.hpp"

namespace genspool::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct Options;

struct RemoteAction {
    std::string_view name;
    Exit (*run)(Context& context, const Options& options);
    std::string_view path;     ///< below the account; "{}" is the id
    std::string_view about{};  ///< what is named after the account: "ID", "FILE" or nothing
};

struct Options {
    std::string action;
    const RemoteAction* is = nullptr;
    std::vector<std::string> names;  ///< ACCOUNT, and what the action is about
    std::vector<std::pair<std::string, std::string>> query;
    std::string output;
    bool force = false;
};

/// An upload may take the upstream a while.
constexpr std::chrono::seconds upload_silence{600};

/// The account that was named, or the only one there is.
std::string account_of(Context& context, const Options& options) {
    const std::size_t things = options.is->about.empty() ? 0 : 1;
    if (options.names.size() > things + 1)
        throw CommandFailed(Exit::usage, options.action + " takes an account" +
                                             (things == 0 ? "" : " and one name") + ", no more");
    if (options.names.size() > things) return options.names.front();
    std::vector<std::string> known;
    for (const json::value& each :
         list_at(parse_reply(context.daemon().get("/v1/accounts")), "accounts"))
        known.push_back(text_at(each, "name"));
    if (known.size() == 1) return known.front();
    std::string all;
    for (const std::string& name : known)
        all += (all.empty() ? "" : ", ") + name;
    throw CommandFailed(
        Exit::usage, all.empty() ? "no account is configured" : "name the account, one of " + all);
}

/// What the action is about: an id, a path.
const std::string& thing_of(const Options& options) {
    if (options.names.empty())
        throw CommandFailed(Exit::usage, "say what to " + options.action +
                                             ", as in `genspool remote " + options.action +
                                             " ACCOUNT " + std::string(options.is->about) + "`");
    return options.names.back();
}

std::string target_of(Context& context, const Options& options) {
    std::string path(options.is->path);
    const std::size_t id = path.find("{}");
    if (id != std::string::npos) path.replace(id, 2, encoded(thing_of(options)));
    Target target("/v1/remote/" + encoded(account_of(context, options)) + "/" + path);
    for (const auto& [name, value] : options.query)
        target.add(name, value);
    return target.text();
}

/// Prints a reply as the upstream said it, or, for people, what `text` makes of it.
template <typename Print>
Exit answered(Context& context, const std::string& body, const Print& print) {
    if (context.json) {
        context.print_json(body);
    } else {
        print(parse_reply(body));
    }
    return Exit::done;
}

Exit list(Context& context, const Options& options) {
    const std::string body = context.daemon().get(target_of(context, options));
    return answered(context, body, [&](const json::value& answer) {
        print_remote_list(context.console, options.is->path, answer);
    });
}

Exit show(Context& context, const Options& options) {
    const std::string body = context.daemon().get(target_of(context, options));
    return answered(context, body, [&](const json::value& answer) {
        print_remote_thing(context.console, answer);
    });
}

/// Where a file goes: as it is told, or under the name that it has upstream.
std::string place_for(Context& context, const Options& options, const std::string& target) {
    std::error_code ignored;  // what cannot be looked at is no directory
    const bool into = options.output.empty() || options.output.ends_with('/') ||
                      fs::is_directory(options.output, ignored);
    if (!into) return options.output;
    const json::value file = parse_reply(context.daemon().get(target));
    const std::string name = fs::path(text_at(file, "file.filename")).filename().string();
    const bool usable = !name.empty() && name != "." && name != "..";
    return (fs::path(options.output) / (usable ? name : options.names.back())).string();
}

Exit get(Context& context, const Options& options) {
    const std::string file = target_of(context, options);
    const std::string content = file + "/content";
    if (options.output == "-") {
        HttpCall call;
        call.target = content;
        call.sink = [&context](std::string_view bytes) {
            context.console.out(bytes);
            return true;
        };
        context.daemon().exchange(call, false);  // what has been printed cannot begin anew
        return Exit::done;
    }
    const std::string place = place_for(context, options, file);
    download_to_file(context.daemon(), content, place, options.force, "");
    context.console.out_line(place);
    return Exit::done;
}

Exit upload(Context& context, const Options& options) {
    const std::string& path = thing_of(options);
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        throw CommandFailed(Exit::usage, "there is no file " + path);
    std::ifstream file(path, std::ios::binary);
    if (!file) throw CommandFailed(Exit::usage, path + " cannot be read");
    Options named = options;
    named.query.emplace_back("filename", fs::path(path).filename().string());
    HttpCall call;
    call.method = "POST";
    call.target = target_of(context, named);
    call.content_type = proto::media_type_of(path);
    call.silence = upload_silence;
    call.source = [&file, &path](char* into, std::size_t size) {
        file.read(into, static_cast<std::streamsize>(size));
        // A part of a file must not be taken for all of it.
        if (file.bad()) throw CommandFailed(Exit::usage, path + " cannot be read to its end");
        return static_cast<std::size_t>(file.gcount());
    };
    const std::string body = context.daemon().exchange(call, false).body;
    return answered(context, body, [&](const json::value& answer) {
        const std::string id = text_at(answer, "file.file_id");
        context.console.out_line(id.empty() ? text_at(answer, "fileID") : id);
    });
}

Exit remove(Context& context, const Options& options) {
    HttpCall call;
    call.method = "DELETE";
    call.target = target_of(context, options);
    const std::string body = context.daemon().exchange(call, false).body;
    return answered(context, body, [&](const json::value&) {
        context.console.err_line("genspool: " + thing_of(options) + " is gone");
    });
}

/// From a file, for what is said on a command line is seen by all of the machine.
Exit link(Context& context, const Options& options) {
    const std::string body = read_named(context.console, "the account", thing_of(options));
    const std::string target = target_of(context, options);
    return answered(
        context, context.daemon().post_again(target, body),
        [&](const json::value& answer) { print_remote_thing(context.console, answer); });
}

constexpr std::array actions = {
    // What both providers have, or MiniMax alone.
    RemoteAction{"files", list, "files"},
    RemoteAction{"file", show, "files/{}", "ID"},
    RemoteAction{"get", get, "files/{}", "ID"},
    RemoteAction{"upload", upload, "files", "FILE"},
    RemoteAction{"rm", remove, "files/{}", "ID"},
    RemoteAction{"voices", list, "voices"},
    RemoteAction{"rm-voice", remove, "voices/{}", "ID"},
    RemoteAction{"tasks", list, "tasks"},
    RemoteAction{"task", show, "tasks/{}", "ID"},
    RemoteAction{"batches", list, "batches"},
    RemoteAction{"batch", show, "batches/{}", "ID"},
    RemoteAction{"plan", list, "plan"},
    RemoteAction{"models", list, "models"},
    // useapi.net alone.
    RemoteAction{"accounts", list, "accounts"},
    RemoteAction{"account", show, "accounts/{}", "ID"},
    RemoteAction{"link", link, "accounts", "FILE"},
    RemoteAction{"unlink", remove, "accounts/{}", "ID"},
    RemoteAction{"features", show, "features"},
    RemoteAction{"running", list, "scheduler"},
    RemoteAction{"room", list, "scheduler/available"},
    RemoteAction{"forget", remove, "scheduler/{}", "ID"},
    RemoteAction{"agents", list, "agent/jobs"},
    RemoteAction{"agent", show, "agent/jobs/{}", "ID"},
    RemoteAction{"videos", list, "videos"},
    RemoteAction{"video", show, "videos/{}", "ID"},
    RemoteAction{"rm-video", remove, "videos/{}", "ID"},
    RemoteAction{"images", list, "images"},
    RemoteAction{"image", show, "images/{}", "ID"},
    RemoteAction{"rm-image", remove, "images/{}", "ID"},
    RemoteAction{"speeches", list, "speech"},
    RemoteAction{"speech", show, "speech/{}", "ID"},
    RemoteAction{"rm-speech", remove, "speech/{}", "ID"},
    RemoteAction{"song", show, "music/{}", "ID"},
    RemoteAction{"characters", list, "characters"},
    RemoteAction{"templates", list, "templates"},
};

Exit remote(Context& context, Options& options) {
    options.is = std::ranges::find(actions, options.action, &RemoteAction::name);
    return options.is->run(context, options);
}

std::vector<std::string> action_names() {
    std::vector<std::string> names;
    for (const RemoteAction& each : actions)
        names.emplace_back(each.name);
    return names;
}

}  // namespace

void add_remote(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "remote", "Look at what an account has at its upstream: files, voices, tasks, the plan",
        "  genspool remote files main --purpose voice_clone\n"
        "  genspool remote upload main sailor.mp3 --purpose voice_clone   # prints the file's id\n"
        "  genspool remote get main 176844028768320 -o reel.mp4           # its bytes\n"
        "  genspool remote rm main 176844028768320 --purpose voice_clone\n"
        "  genspool remote voices main --type voice_cloning\n"
        "  genspool remote tasks main --status failed --page 2            # of MiniMax-H3\n"
        "  genspool remote models                                         # the only account\n"
        "  genspool remote accounts linked                                # useapi.net's\n"
        "  genspool remote link linked account.json       # {\"url\": …, \"token\": …, "
        "\"maxJobs\": 3}\n"
        "  genspool remote running linked",
        [options](Context& context) { return remote(context, *options); });
    verb->add_option("ACTION", options->action, "What to look at, or to do")
        ->required()
        ->type_name("")
        ->check(CLI::IsMember(action_names()));
    verb->add_option("NAMES", options->names,
                     "The account (not needed if there is one), and the id or file it is about")
        ->type_name("");
    const auto parameter = [&](const std::string& name, const std::string& text) {
        verb->add_option_function<std::string>(
                "--" + name,
                [options, name](const std::string& value) {
                    options->query.emplace_back(name, value);
                },
                text)
            ->type_name(name == "page" || name == "size" || name == "limit" ? "N" : "WORD");
    };
    parameter("purpose", "files, upload, rm: what a file is for (voice_clone, prompt_audio, …)");
    parameter("type", "voices: system, voice_cloning, voice_generation or all; tasks: their type");
    parameter("status", "tasks: only these");
    parameter("model", "tasks: only of this model");
    parameter("page", "tasks, speeches, voices, characters: counted from 1");
    parameter("size", "the same: how many to a page");
    parameter("limit", "batches, videos, images, templates: how many");
    parameter("after", "the same: those that come after this id");
    parameter("template", "templates: what this one wants");
    verb->add_option("-o,--output", options->output,
                     "get: the file or directory to write (- for standard output)")
        ->type_name("PATH");
    verb->add_flag("--force", options->force, "get: replace a file that exists");
}

}  // namespace genspool::cli
