#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/program.hpp"
#include "cli/sha256.hpp"
#include "cli/table.hpp"
#include "cli/token_store.hpp"

namespace genspool::cli {
namespace {

namespace json = boost::json;

struct Options {
    std::string what;
    std::string name;
    bool admin = false;
    std::string file = "/etc/genspool/token";
};

std::string role_of(const proto::TokenEntry& entry) {
    return entry.admin ? "admin" : "owner";
}

json::object shown(const proto::TokenEntry& entry) {
    json::object object;
    object["name"] = entry.name;
    object["role"] = role_of(entry);
    return object;
}

Exit add(Context& context, const Options& options) {
    const std::string token = new_token();
    const proto::TokenEntry entry{options.name, options.admin, sha256_of(token)};
    change_tokens(options.file, [&](std::string text) {
        const auto entries = proto::parse_token_file(text);
        const auto same = [&](const proto::TokenEntry& each) { return each.name == entry.name; };
        if (entries && std::ranges::any_of(*entries, same))
            throw CommandFailed(Exit::usage, "there is a token " + entry.name +
                                                 " already; `genspool token rm` takes it away");
        if (!text.empty() && !text.ends_with('\n')) text += '\n';
        return text + proto::format_token_line(entry) + "\n";
    });
    if (context.json) {
        json::object object = shown(entry);
        object["token"] = token;
        context.print_json(json::serialize(object));
        return Exit::done;
    }
    context.console.out_line(token);
    context.console.err_line("genspool: this is shown once; " + options.file +
                             " has only its hash");
    return Exit::done;
}

/// The text without that token's line; comments stay.
std::string without(std::string_view text, const std::string& name, bool& found) {
    std::string out;
    while (!text.empty()) {
        const std::string_view line =
            text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
        text.remove_prefix(line.size());
        const std::string_view bare = line.substr(0, line.find('\n'));
        const auto entry = proto::parse_token_line(bare);
        const bool meant = !proto::is_token_comment(bare) && entry && entry->name == name;
        if (!meant) out += line;
        found = found || meant;
    }
    return out;
}

Exit remove(Context& context, const Options& options) {
    bool found = false;
    change_tokens(options.file, [&](const std::string& text) {
        std::string rest = without(text, options.name, found);
        if (!found) throw CommandFailed(Exit::not_found, "there is no token " + options.name);
        return rest;
    });
    if (!context.json) context.console.err_line("genspool: token " + options.name + " is gone");
    return Exit::done;
}

Exit list(Context& context, const Options& options) {
    const auto entries = read_tokens(options.file);
    if (context.json) {
        json::array all;
        for (const proto::TokenEntry& entry : entries)
            all.push_back(shown(entry));
        context.print_json(json::serialize(all));
        return Exit::done;
    }
    Table table({{"NAME"}, {"ROLE"}});
    for (const proto::TokenEntry& entry : entries)
        table.add({entry.name, role_of(entry)});
    if (table.empty()) {
        context.console.err_line("there are no tokens: over TCP nobody is let in");
    } else {
        table.print(context.console);
    }
    return Exit::done;
}

Exit token(Context& context, const Options& options) {
    const bool listing = options.what == "ls";
    if (listing != options.name.empty())
        throw CommandFailed(Exit::usage, listing ? "`genspool token ls` takes no name"
                                                 : "name the token, as in `genspool token " +
                                                       options.what + " NAME`");
    if (options.admin && options.what != "add")
        throw CommandFailed(Exit::usage, "--admin belongs to `genspool token add`");
    if (listing) return list(context, options);
    if (!proto::is_plain_name(options.name))
        throw CommandFailed(Exit::usage,
                            "a token's name is 1 to 64 letters, digits, dots, dashes or "
                            "underscores");
    return options.what == "add" ? add(context, options) : remove(context, options);
}

}  // namespace

void add_token(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb =
        program.verb("token", "Say who is let in over TCP: works on the token file, not the daemon",
                     "  genspool token add reel-desk\n"
                     "  genspool token add operator --admin\n"
                     "  genspool token rm reel-desk\n"
                     "  genspool token ls",
                     [options](Context& context) { return token(context, *options); });
    verb->add_option("ACTION", options->what, "add, rm or ls")
        ->required()
        ->type_name("")
        ->check(CLI::IsMember({"add", "rm", "ls"}));
    verb->add_option("NAME", options->name, "What jobs handed in with it are known to be from")
        ->type_name("");
    verb->add_flag("--admin", options->admin, "May act on everybody's jobs, accounts, the queue");
    verb->add_option("--file", options->file, "The daemon's [http] token_file")
        ->type_name("FILE")
        ->capture_default_str();
}

}  // namespace genspool::cli
