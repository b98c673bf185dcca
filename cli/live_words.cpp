#include "cli/live_words.hpp"

#include "cli/batch_text.hpp"
#include "cli/job_text.hpp"
#include "cli/json_reading.hpp"
#include "cli/urls.hpp"

namespace genspool::cli {
namespace {

using Candidates = std::vector<Candidate>;

constexpr auto patience = std::chrono::seconds(1);
constexpr const char* most = "100";

boost::json::value ask(Context& context, const Target& target) {
    HttpCall call;
    call.target = target.text();
    call.silence = patience;
    const HttpOutcome outcome = context.daemon().try_once(call);
    const bool told = outcome.trouble == HttpTrouble::none && outcome.reply.status == 200;
    return told ? parse_reply(outcome.reply.body) : boost::json::value();
}

/// Of the jobs only those with which the verb can do something.
std::string state_for(const std::string& verb) {
    if (verb == "get") return "succeeded";
    if (verb == "resolve") return "held";
    return verb == "retry" ? "failed" : "";
}

std::string in_words(const boost::json::value& job) {
    std::string text = text_at(job, "state");
    for (const std::string& more : {text_at(job, "kind"), text_at(job, "custom_id")})
        if (!more.empty()) text += " " + more;
    return printable(text);
}

Candidates jobs(Context& context, const std::string& verb) {
    Target target("/v1/jobs");
    target.add("state", state_for(verb)).add("limit", most);
    Candidates found;
    for (const auto& job : list_at(ask(context, target), "jobs"))
        found.push_back({text_at(job, "id"), in_words(job)});
    return found;
}

Candidates batches(Context& context) {
    Target target("/v1/batches");
    target.add("limit", most);
    Candidates found;
    for (const auto& batch : list_at(ask(context, target), "batches"))
        found.push_back(
            {text_at(batch, "id"), printable(text_at(batch, "name") + " " + batch_states(batch))});
    return found;
}

Candidates accounts(Context& context) {
    Candidates found;
    for (const auto& account : list_at(ask(context, Target("/v1/accounts")), "accounts"))
        found.push_back({text_at(account, "name"),
                         text_at(account, "provider") + ", " + text_at(account, "health")});
    return found;
}

Candidates look_up(Context& context, Live what, const std::string& verb) {
    if (what == Live::accounts) return accounts(context);
    if (what == Live::batches) return batches(context);
    Candidates found = jobs(context, verb);
    if (what == Live::jobs_and_batches) {
        for (Candidate& each : batches(context))
            found.push_back(std::move(each));
    }
    return found;
}

}  // namespace

LiveWords live_words(Context& context) {
    return [&context](Live what, const std::string& verb) {
        try {
            return look_up(context, what, verb);
        } catch (const CommandFailed&) {
            return Candidates();  // a prompt is no place to complain
        }
    };
}

}  // namespace genspool::cli
