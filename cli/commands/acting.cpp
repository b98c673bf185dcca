#include "cli/commands/acting.hpp"

#include <algorithm>
#include <map>

#include "cli/json_reading.hpp"
#include "cli/urls.hpp"
#include "proto/money.hpp"

namespace genspool::cli {
namespace {

/// It has ended, and somebody has said that there is something of it upstream.
bool waits_for_retry(const boost::json::value& job) {
    const auto tasks = list_at(job, "tasks");
    const bool open = std::ranges::any_of(
        tasks, [](const auto& task) { return text_at(task, "state") == "open"; });
    const std::string state = text_at(job, "state");
    return open && (state == "failed" || state == "canceled");
}

void tell_job(Context& context, const std::string& body) {
    if (context.json) {
        context.print_json(body);
        return;
    }
    const auto job = parse_reply(body);
    const std::string state = text_at(job, "state");
    const bool waits = flag_at(job, "cancel_waits");
    context.console.out_line(
        text_at(job, "id") + "  " + painted(state, paint_of_state(state), context.console.colours) +
        (waits ? "  it is on the wire: will be canceled when the upstream has answered" : "") +
        (waits_for_retry(job) ? "  its task is there: `genspool retry` takes it up" : ""));
}

Exit act_on_ids(Context& context, const Targets& targets, const std::string& action,
                const std::string& body, bool harmless) {
    return on_each(context, targets.ids, [&](const std::string& id) {
        const std::string target = job_path(id, "/" + action);
        tell_job(context, harmless ? context.daemon().post_again(target, body)
                                   : context.daemon().post_once(target, body));
        return Exit::done;
    });
}

Exit act_on_selection(Context& context, const Selection& selection, const std::string& action,
                      bool harmless) {
    std::uint64_t done = 0;
    std::uint64_t already = 0;
    std::uint64_t refused = 0;
    std::string cursor;
    do {
        Target target("/v1/jobs:" + action);
        selection.add_to(target);
        target.add("cursor", cursor);
        const std::string body = harmless ? context.daemon().post_again(target.text(), "")
                                          : context.daemon().post_once(target.text(), "");
        const auto reply = parse_reply(body);
        cursor = text_at(reply, "next");
        done += count_at(reply, "done");
        already += count_at(reply, "already");
        refused += count_at(reply, "refused");
        if (context.json) context.print_json(body);
        for (const auto& error : list_at(reply, "errors")) {
            context.console.err_line("genspool: " + text_at(error, "job_id") + ": " +
                                     printable(text_at(error, "detail")));
        }
    } while (!cursor.empty());
    if (!context.json) {
        context.console.out_line(std::to_string(done) + " done, " + std::to_string(already) +
                                 " already so, " + std::to_string(refused) + " refused");
    }
    return refused > 0 ? Exit::not_allowed : Exit::done;
}

}  // namespace

Exit act(Context& context, const Targets& targets, const std::string& action,
         const std::string& body, bool harmless) {
    check_targets(targets);
    if (!targets.ids.empty()) return act_on_ids(context, targets, action, body, harmless);
    return act_on_selection(context, targets.selection, action, harmless);
}

Stakes stakes(Context& context, const Selection& selection) {
    std::uint64_t jobs = 0;
    std::map<std::string, proto::Micros> prices;
    for_each_selected(context, selection, [&](const boost::json::value& job) {
        ++jobs;
        const auto price = proto::parse_micros(text_at(job, "cost.estimated"));
        if (price) prices[text_at(job, "cost.unit")] += *price;
    });
    Stakes at;
    if (jobs > 0) at.jobs = std::to_string(jobs) + (jobs == 1 ? " job" : " jobs");
    std::string_view separator = ", for about ";
    for (const auto& [unit, sum] : prices) {
        at.cost.append(separator).append(proto::format_micros(sum)).append(" ").append(unit);
        separator = " and ";
    }
    return at;
}

}  // namespace genspool::cli
