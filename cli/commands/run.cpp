#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/commands/submitting.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/waiting.hpp"

namespace genspool::cli {
namespace {

void tell_trouble(Context& context, const Waited& waited) {
    const std::string id = text_at(waited.shown, "id");
    if (waited.exit == Exit::timed_out) {
        context.console.err_line("genspool: job " + id + " goes on; `genspool wait " + id +
                                 "` waits for it");
        return;
    }
    std::string line = "genspool: job " + id + " is " + text_at(waited.shown, "state");
    const std::string why = printable(remark(waited.shown));
    if (!why.empty()) line += ": " + why;
    if (waited.exit == Exit::held) line += " (see `genspool resolve --help`)";
    context.console.err_line(line);
}

Exit run(Context& context, const SubmitOptions& options) {
    const Patience patience(options.timeout);
    const std::string body = submit_job(context, options);
    if (options.dry_run) return tell_estimate(context, body);
    const Waited waited = wait_for_submitted(context, body, patience);
    if (context.json) {
        context.print_json(waited.body);
        return waited.exit;
    }
    context.console.out(outcome_text(waited.shown));
    if (waited.exit != Exit::done) tell_trouble(context, waited);
    return waited.exit;
}

}  // namespace

void add_run(Program& program) {
    auto options = std::make_shared<SubmitOptions>();
    CLI::App* const verb =
        program.verb("run", "Hand in one job, show how it goes on, print its artifact's path",
                     "  genspool run tts --model speech-2.8-hd --prompt \"Hello.\" --set "
                     "voice_setting.voice_id=my-voice\n"
                     "  mpv \"$(genspool run video --model MiniMax-Hailuo-02 --prompt \"a fox\")\"",
                     [options](Context& context) { return run(context, *options); });
    add_submit_options(*verb, *options);
}

}  // namespace genspool::cli
