#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/json_reading.hpp"
#include "cli/offline.hpp"
#include "cli/program.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"

namespace genspool::cli {
namespace {

namespace json = boost::json;

struct Options {
    std::string directory;
    bool quick = false;
};

/// "3 queued, 7 succeeded": what there is of each.
std::string counts(const json::value& verdict, std::string_view path) {
    std::string text;
    const json::value* const group = value_at(verdict, path);
    if (group == nullptr || !group->is_object()) return text;
    for (const auto& [word, count] : group->get_object()) {
        if (count == 0) continue;
        if (!text.empty()) text += ", ";
        text += json::serialize(count) + " " + std::string(word);
    }
    return text;
}

std::string money(const json::value& verdict) {
    std::string text;
    for (const json::value& total : list_at(verdict, "money")) {
        for (const char* const status : {"spent", "uncertain", "reserved"}) {
            const std::string sum = amount(total, status, false);
            if (sum.empty()) continue;
            if (!text.empty()) text += ", ";
            text += sum + " " + status;
        }
    }
    return text;
}

std::string artifacts(const json::value& verdict) {
    if (!flag_at(verdict, "artifacts.here"))
        return text_at(verdict, "artifacts.files") +
               " files, not looked at: there is no artifacts/";
    return text_at(verdict, "artifacts.files") + " files, " +
           file_size(count_at(verdict, "artifacts.bytes")) +
           (flag_at(verdict, "artifacts.hashed") ? ", every byte read and hashed"
                                                 : ", measured but not read (--quick)");
}

void tell_summary(const Console& console, const json::value& verdict) {
    Details details;
    const auto counted = [](std::string total, const std::string& parts) {
        return parts.empty() ? total : std::move(total) + ": " + parts;
    };
    details.add("jobs", counted(text_at(verdict, "jobs"), counts(verdict, "states")));
    details.add("purchases", counts(verdict, "purchases"));
    details.add("money", money(verdict));
    details.add("artifacts", artifacts(verdict));
    details.add("batches", text_at(verdict, "batches") + ", with " +
                               text_at(verdict, "results.lines") + " result lines");
    details.add("events", text_at(verdict, "events"));
    details.print(console);
}

void tell(const Console& console, const json::value& verdict) {
    const auto broken = list_at(verdict, "broken");
    const auto leftovers = list_at(verdict, "leftovers");
    const std::string directory = text_at(verdict, "directory");
    tell_summary(console, verdict);
    for (const json::value& sentence : leftovers)
        console.out_line("leftover: " + printable(json::value_to<std::string>(sentence)));
    for (const json::value& sentence : broken)
        console.out_line(painted("broken:", Paint::bad, console.colours) + " " +
                         printable(json::value_to<std::string>(sentence)));
    if (broken.empty()) {
        console.out_line(directory + " is " + painted("sound", Paint::good, console.colours) +
                         ": nothing is lost, nothing contradicts anything else");
    } else {
        console.out_line(directory + " is not sound: " + std::to_string(broken.size()) +
                         (broken.size() == 1 ? " promise is broken" : " promises are broken"));
    }
}

Exit verify(Context& context, const Options& options) {
    std::vector<std::string> arguments{"--verify=" + options.directory};
    if (options.quick) arguments.emplace_back("--quick");
    return ask_offline(arguments, [&context](const std::string& line) {
        if (context.json) {
            context.print_json(line);
        } else {
            tell(context.console, parse_reply(line));
        }
    });
}

}  // namespace

void add_verify(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "verify", "Check a state directory in which no daemon works",
        "  genspool verify /var/lib/genspool\n"
        "  genspool verify --quick /var/lib/genspool   # without reading the artifacts\n\n"
        "Holds database, artifacts, spool and result files against each other and changes "
        "nothing.\n"
        "Exit codes: 0 all is well, 1 a promise is broken (each is one line), 3 there is no such\n"
        "directory, 4 a daemon works there, or it may not be read.",
        [options](Context& context) { return verify(context, *options); });
    verb->add_option("DIR", options->directory, "The state directory")
        ->required()
        ->check(not_empty())
        ->type_name("");
    verb->add_flag("--quick", options->quick, "Do not read artifacts, only look at their lengths");
}

}  // namespace genspool::cli
