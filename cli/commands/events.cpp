#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "cli/commands/commands.hpp"
#include "cli/event_reading.hpp"
#include "cli/json_reading.hpp"
#include "cli/problem.hpp"
#include "cli/program.hpp"
#include "cli/targets.hpp"
#include "cli/urls.hpp"

namespace genspool::cli {
namespace {

namespace json = boost::json;

struct Options {
    Targets targets;
    std::uint64_t last = 20;  ///< how many to begin with, unless following
    std::optional<std::uint64_t> after;
    bool follow = false;
};

/// A batch that has become visible: an event of no job.
void tell_batch(Context& context, const json::value& event) {
    const std::string line =
        text_at(event, "at") + "  batch " + text_at(event, "batch") + "  sealed";
    const std::string detail = printable(text_at(event, "detail"));
    context.console.out_line(detail.empty() ? line : line + "  " + detail);
}

void tell(Context& context, const json::value& event) {
    if (text_at(event, "job_id").empty()) return tell_batch(context, event);
    const std::string from = text_at(event, "from");
    const std::string to = text_at(event, "to");
    std::string line = text_at(event, "at") + "  " + text_at(event, "job_id") + "  ";
    if (!from.empty() && from != to) line += from + " → ";
    line += painted(to.empty() ? "gone" : to, paint_of_state(to), context.console.colours);
    line += "  " + text_at(event, "event");
    const std::string account = text_at(event, "account");
    const std::string detail = printable(text_at(event, "detail"));
    if (!account.empty()) line += "  at " + account;
    if (!detail.empty()) line += "  " + detail;
    context.console.out_line(line);
}

/// The history of one job after event `after`; the number of its last event, or `after`.
std::uint64_t tell_history(Context& context, const std::string& id, std::uint64_t after) {
    std::uint64_t last = after;
    std::string cursor = after == 0 ? std::string() : std::to_string(after);
    do {
        Target target(job_path(id, "/events"));
        target.add("limit", "1000").add("cursor", cursor);
        const std::string body = context.daemon().get(target.text());
        const json::value page = parse_reply(body);
        if (context.json) context.print_json(body);
        for (const json::value& event : list_at(page, "events")) {
            if (!context.json) tell(context, event);
            last = count_at(event, "seq");
        }
        cursor = text_at(page, "next");
    } while (!cursor.empty());
    return last;
}

/// Reads the stream after event `after` until the one numbered `until` (0: for ever). A restart of
/// the daemon is outlived: the stream goes on after the last event seen.
void stream(Context& context, const Target& target, std::uint64_t after, std::uint64_t until) {
    bool ended = false;
    while (!ended) {
        EventReading reading;
        HttpCall call;
        call.target = target.text();
        call.headers.emplace_back("Accept", "text/event-stream");
        call.headers.emplace_back("Last-Event-ID", std::to_string(after));
        call.sink = [&](std::string_view bytes) {
            context.daemon().is_back();
            reading.feed(bytes);
            while (const auto event = reading.next()) {
                const json::value shown = parse_reply(event->data);
                if (context.json) {
                    context.print_json(event->data);
                } else {
                    tell(context, shown);
                }
                after = count_at(shown, "seq");
                ended = until > 0 && after >= until;
                if (ended) return false;
            }
            return true;
        };
        const HttpOutcome outcome = context.daemon().try_once(call);
        if (ended) break;
        const int status = outcome.trouble == HttpTrouble::none ? outcome.reply.status : 0;
        if (status >= 400 && status != 503) throw to_failure(status, outcome.reply.body);
        context.daemon().await_return(outcome);
    }
}

/// The stream knows one job, or one batch.
Target stream_target(const Targets& targets) {
    Selection others = targets.selection;
    others.batch.clear();
    if (targets.ids.size() > 1 || !others.empty())
        throw CommandFailed(Exit::usage, "-f follows everything, one job, or one --batch");
    Target target("/v1/events");
    if (!targets.ids.empty()) target.add("job", targets.ids.front());
    target.add("batch", targets.selection.batch);
    return target;
}

Exit follow(Context& context, const Options& options, std::uint64_t newest) {
    const Target target = stream_target(options.targets);
    std::uint64_t after = options.after.value_or(newest);
    if (!options.targets.ids.empty()) {
        const std::string& id = options.targets.ids.front();
        after = std::max(tell_history(context, id, options.after.value_or(0)), newest);
    }
    stream(context, target, after, 0);
    return Exit::done;
}

Exit events(Context& context, const Options& options) {
    const Targets& targets = options.targets;
    const bool named = !targets.ids.empty() || targets.selected();
    if (named) check_targets(targets);
    if (named && !options.follow) {
        return on_each(context, chosen_ids(context, targets), [&](const std::string& id) {
            tell_history(context, id, options.after.value_or(0));
            return Exit::done;
        });
    }
    const auto stats = parse_reply(context.daemon().get("/v1/stats"));
    const std::uint64_t newest = count_at(stats, "last_event");
    if (options.follow) return follow(context, options, newest);
    const std::uint64_t oldest = count_at(stats, "first_event");
    // Past the oldest event there is nothing to go on after.
    const std::uint64_t floor = oldest == 0 ? 0 : oldest - 1;
    std::uint64_t after = std::max(newest - std::min(newest, options.last), floor);
    after = options.after.value_or(after);
    if (after >= newest) return Exit::done;
    stream(context, Target("/v1/events"), after, newest);
    return Exit::done;
}

}  // namespace

void add_events(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb =
        program.verb("events", "Show what happened, and with -f what happens",
                     "  genspool events 01KAMZ3T        # the history of a job\n"
                     "  genspool events --state failed  # theirs\n"
                     "  genspool events -f              # everything from now on\n"
                     "  genspool events -f --json | jq -r 'select(.to==\"failed\").job_id'",
                     [options](Context& context) { return events(context, *options); });
    add_targets(*verb, options->targets, "Only of these jobs");
    verb->add_flag("-f,--follow", options->follow,
                   "Go on with what happens; outlives a restart of the daemon");
    verb->add_option("--last", options->last, "Without -f: the last so many, 20 by default")
        ->type_name("N");
    verb->add_option("--after", options->after, "Begin after the event with this number")
        ->type_name("N");
}

}  // namespace genspool::cli
