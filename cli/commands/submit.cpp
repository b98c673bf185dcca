#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/commands/submitting.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/program.hpp"
#include "cli/waiting.hpp"
#include "cli/words.hpp"

namespace genspool::cli {
namespace {

struct Options : SubmitOptions {
    bool wait = false;
};

/// The id alone on `out`, so that `id=$(genspool submit …)` works; the rest for people.
void tell_job(Context& context, const std::string& body) {
    const auto job = parse_reply(body);
    context.console.out_line(text_at(job, "id"));
    if (!context.console.err_terminal) return;
    const auto* cost = value_at(job, "cost");
    const std::string price = cost == nullptr ? "" : amount(*cost, "estimated", true);
    context.console.err_line(text_at(job, "state") + " as " + text_at(job, "op") + ", " +
                             (price.empty() ? "price unknown" : "about " + price));
}

Exit submit(Context& context, const Options& options) {
    const Patience patience(options.timeout);
    std::string body = submit_job(context, options);
    if (options.dry_run) return tell_estimate(context, body);
    if (!options.wait) {
        if (context.json) {
            context.print_json(body);
        } else {
            tell_job(context, body);
        }
        return Exit::done;
    }
    if (!context.json) tell_job(context, body);
    const Waited waited = wait_for_submitted(context, body, patience);
    if (context.json) context.print_json(waited.body);
    if (!context.json && waited.exit != Exit::done) {
        context.console.err_line("genspool: " + text_at(waited.shown, "state") + ": " +
                                 printable(remark(waited.shown)));
    }
    return waited.exit;
}

}  // namespace

void add_submit(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const verb = program.verb(
        "submit", "Hand in one job and print its id",
        "  genspool submit video --model MiniMax-Hailuo-02 --prompt \"a fox in the snow\" \\\n"
        "      --set duration=6 --set resolution=1080P --label film=reel-3 --max-cost 0.60\n"
        "  genspool submit tts --model speech-2.8-hd --prompt \"Hello.\" --set "
        "voice_setting.voice_id=my-voice\n"
        "  genspool submit image --request body.json --dry-run\n"
        "  genspool submit chat_batch --fold chats.jsonl --wait",
        [options](Context& context) { return submit(context, *options); });
    add_submit_options(*verb, *options);
    verb->add_flag("--wait", options->wait, "Wait until it has ended, or is held");
}

}  // namespace genspool::cli
