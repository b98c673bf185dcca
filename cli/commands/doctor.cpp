#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/daemon_findings.hpp"
#include "cli/json_reading.hpp"
#include "cli/offline.hpp"
#include "cli/program.hpp"

namespace genspool::cli {
namespace {

/// What was found so far; told as it comes, for an upstream may let us wait.
class Report {
public:
    explicit Report(Context& context) : context_(context) {}

    void add(const Findings& more) {
        for (const Finding& finding : more) {
            if (!context_.json) print_finding(context_.console, finding);
            findings_.push_back(finding);
        }
    }

    Exit end() const {
        if (context_.json) {
            context_.console.out_line(findings_json(findings_));
        } else {
            context_.console.out_line(verdict_of(findings_));
        }
        const bool bad = std::ranges::any_of(findings_, &Finding::is_problem);
        return bad ? Exit::failed : Exit::done;
    }

    /// Whose keys have been tried upstream.
    std::vector<std::string> tried() const {
        std::vector<std::string> names;
        for (const Finding& finding : findings_)
            if (finding.check == "upstream") names.push_back(finding.account);
        return names;
    }

private:
    Context& context_;
    Findings findings_;
};

/// What only the daemon's program can see, whether one runs or not. Nothing is said of accounts
/// where a daemon has some: it was started with another configuration then. The configured socket;
/// empty where that is not known.
std::string look_offline(const std::string& config, bool has_accounts, Report& report) {
    std::vector<std::string> arguments{"--doctor"};
    if (!config.empty()) arguments.push_back("--config=" + config);
    std::string socket;
    try {
        ask_offline(arguments, [&](const std::string& line) {
            const auto told = parse_reply(line);
            Finding finding = read_finding(told);
            if (finding.cure == "sudo genspool doctor" && !config.empty())
                finding.cure += " --config " + config;
            if (value_at(told, "socket") != nullptr) {
                socket = text_at(told, "socket");
            } else if (finding.check != "accounts" || !has_accounts) {
                report.add({finding});
            }
        });
    } catch (const CommandFailed& failure) {
        report.add({{"configuration", "warning",
                     std::string(failure.what()) + ": configuration and keys were not looked at",
                     "sudo apt install genspool   # or run this where the daemon works"}});
    }
    return socket;
}

/// A daemon that listens where nobody looks is as good as none.
bool look_at_socket(Context& context, const std::string& configured, Report& report) {
    std::error_code ignored;  // what cannot be looked at is not there for us
    const bool elsewhere = !configured.empty() && context.finds_by_default() &&
                           context.socket_path().empty() &&
                           std::filesystem::exists(configured, ignored);
    if (!elsewhere) return false;
    context.socket = configured;
    report.add({{"socket", "warning",
                 "the daemon listens at " + configured + ", where genspool does not look by itself",
                 "export GENSPOOL_SOCKET=" + configured}});
    return true;
}

Exit doctor(Context& context, const std::string& config) {
    Report report(context);
    std::string stats;
    Findings daemon = look_for_daemon(context, config, stats);
    if (context.is_far()) {
        report.add({{"configuration", "ok",
                     "the daemon is asked over TCP: its configuration is looked at by `genspool "
                     "doctor` where it works"}});
    } else {
        const bool has_accounts =
            !stats.empty() && count_at(parse_reply(stats), "accounts") > 0 && config.empty();
        const std::string socket = look_offline(config, has_accounts, report);
        if (stats.empty() && look_at_socket(context, socket, report))
            daemon = look_for_daemon(context, config, stats);
    }
    report.add(daemon);
    if (!stats.empty()) {
        report.add(look_at_daemon(context, stats));
        report.add(look_at_keys(context, report.tried()));
    }
    return report.end();
}

}  // namespace

void add_doctor(Program& program) {
    auto config = std::make_shared<std::string>();
    CLI::App* const verb = program.verb(
        "doctor", "Find what is wrong, and say what to type against it; changes and buys nothing",
        "  genspool doctor\n"
        "  sudo genspool doctor                  # may look at keys that are closed to you\n"
        "  genspool doctor --config my.toml      # before a daemon works with it\n\n"
        "Looks at the configuration, keys, state directory, disk, inbox, clock and upstreams (by "
        "calls\n"
        "that cost nothing), and at the daemon, if it runs. Exit codes: 0 nothing keeps it from\n"
        "working, 1 there is a problem.",
        [config](Context& context) { return doctor(context, *config); });
    verb->add_option("--config", *config,
                     "The daemon's configuration, /etc/genspool/genspool.toml by default")
        ->type_name("FILE");
}

}  // namespace genspool::cli
