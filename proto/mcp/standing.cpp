#include "proto/mcp/standing.hpp"

#include <array>
#include <string_view>

#include "proto/mcp/reading.hpp"
#include "proto/open_answer.hpp"

namespace genspool::proto::mcp {

namespace json = boost::json;

namespace {

constexpr std::array shown = {
    "id",      "state",     "reason",  "gates",   "kind",         "op",         "model",
    "account", "custom_id", "batch",   "labels",  "attempt",      "task",       "progress",
    "eta",     "late",      "overdue", "partial", "cancel_waits", "created_at", "finished_at",
    "cost",    "failure",   "result",  "after",
};

bool is_empty(const json::value& value) {
    if (value.is_null()) return true;
    if (value.is_bool()) return !value.get_bool();
    if (value.is_string()) return value.get_string().empty();
    if (value.is_array()) return value.get_array().empty();
    return value.is_object() && value.get_object().empty();
}

std::string amount(const json::value& cost, std::string_view key) {
    const std::string number = text_of(cost, key);
    const std::string unit = text_of(cost, "unit");
    if (number.empty() || number == "0" || unit.empty()) return {};
    return number + " " + unit;
}

/// What of money is on record for it. A job whose price nobody knew has no amounts, however often
/// it was bought.
std::string money_words(const json::value& job) {
    const json::value& cost = member(job, "cost");
    const std::string spent = amount(cost, "spent");
    const std::string uncertain = amount(cost, "uncertain");
    std::string words;
    if (!spent.empty()) words += " It has cost " + spent + ".";
    if (!uncertain.empty()) words += " It may have cost " + uncertain + ".";
    if (!words.empty()) return words;
    const bool priced = !text_of(cost, "unit").empty();
    if (priced || text_of(job, "attempt") == "0") return " Nothing was paid for it.";
    return " It was bought, or may have been; what it cost is not known.";
}

std::string with_stop(std::string text) {
    if (!text.empty() && text.back() != '.') text += '.';
    return text;
}

std::string failed_words(const std::string& name, const json::value& job) {
    const json::value& failure = member(job, "failure");
    const std::string why = text_of(failure, "message");
    std::string words =
        with_stop(name + " has failed" + (why.empty() ? "" : ": " + why)) + money_words(job);
    if (text_of(failure, "class") == "rejected")
        return words + " The request itself was refused: correct it and submit it anew.";
    return words +
           " Do not submit it again: retry goes on with what was bought, and buys only "
           "what was not.";
}

std::string held_words(const std::string& name, const json::value& job) {
    const std::string why = text_of(job, "reason");
    const std::string words = with_stop(name + " is held" + (why.empty() ? "" : ": " + why));
    const std::string trouble = text_of(member(job, "failure"), "class");
    // The daemon died of it, or the upstream does not know its task since the key has changed.
    const bool resumes =
        trouble == "poison" || (trouble == "expired" && !text_of(job, "task").empty());
    if (resumes)
        return words +
               " Do not submit it again. Tell the user why it is held; once that is mended, retry "
               "takes it up where it stands, and buys nothing a second time.";
    return words +
           " It may have been bought already: do not submit it again. Only a person can go on "
           "with it (genspool resolve), so tell the user.";
}

std::string succeeded_words(const std::string& name, const json::value& job) {
    const json::value& artifacts = member(job, "artifacts");
    const std::size_t files = artifacts.is_array() ? artifacts.get_array().size() : 0;
    std::string words = name + " has succeeded." + money_words(job);
    if (text_of(job, "partial") == "true")
        words += " Some of its files are missing: retry fetches them, and buys nothing.";
    if (files > 0) return words + " Call fetch for its files.";
    return words + " Its result is here; it has no files.";
}

struct Standing {
    std::string_view state;
    std::string_view words;
};

constexpr std::string_view go_on = " Do not submit it again: call wait with this id.";

constexpr std::array under_way = {
    Standing{"blocked", " is stored and waits for other jobs; nothing is bought yet."},
    Standing{"queued", " is stored and waits for its turn; it is bought by itself."},
    Standing{"preparing", " is being prepared; nothing is bought yet."},
    Standing{"submitting", " is being bought at this moment."},
    Standing{"unknown", " may have been bought already; it is being found out."},
    Standing{"running", " is bought already, and is being made."},
    Standing{"canceling", " is bought already, and is being called off."},
    Standing{"fetching", " is bought already and made; its files are being fetched."},
};

json::object artifact_summary(const std::string& job, const json::value& artifact) {
    json::object out;
    for (const char* const key : {"n", "name", "media_type", "bytes", "state", "path"}) {
        if (const json::value& value = member(artifact, key); !is_empty(value)) out[key] = value;
    }
    if (text_of(artifact, "state") == "home")
        out["uri"] = artifact_uri(job, member(artifact, "n").to_number<std::uint64_t>());
    return out;
}

/// What may have come of a call whose answer says nothing of it.
std::string in_doubt(const std::string& words, Purpose purpose, bool unsent) {
    switch (purpose) {
        case Purpose::price:
            return words + " Nothing was bought.";
        case Purpose::look:
            return words +
                   " Jobs that were handed in are safe, and go on: nothing of them needs "
                   "to be submitted again. Make this call again.";
        case Purpose::act:
            return words + (unsent
                                ? " Nothing was changed."
                                : " It may have been done: look with show before you repeat it.");
        case Purpose::order:
            break;
    }
    if (unsent) return words + " Nothing was ordered, and nothing was bought.";
    return words +
           " The job may have been taken. Call submit again with exactly the same "
           "arguments: if it was taken, you get that job, and nothing is bought twice.";
}

/// Words for what the daemon, or something before it, has answered.
std::string problem_words(const json::value& problem, int status) {
    const std::string field = text_of(problem, "field");
    std::string words = text_of(problem, "detail");
    if (words.empty()) words = text_of(problem, "title");
    if (words.empty()) words = "The daemon answers with HTTP status " + std::to_string(status);
    if (!field.empty() && words.find(field) == std::string::npos) words = field + ": " + words;
    return with_stop(words);
}

}  // namespace

bool has_settled(const json::value& job) {
    const std::string state = text_of(job, "state");
    for (const Standing& each : under_way) {
        if (each.state == state) return false;
    }
    return true;
}

std::string advice(const json::value& job) {
    const std::string name = "Job " + text_of(job, "id");
    const std::string state = text_of(job, "state");
    if (text_of(job, "purged") == "true")
        return name +
               " was this order, and has been forgotten since; nothing is bought now. To buy "
               "it anew, submit it with another idempotency_key.";
    if (state == "held") return held_words(name, job);
    if (state == "failed") return failed_words(name, job);
    if (state == "succeeded") return succeeded_words(name, job);
    if (state == "canceled") {
        return name + " is canceled." + money_words(job) + " retry takes it up again.";
    }
    for (const Standing& each : under_way) {
        if (each.state == state) return name + std::string(each.words) + std::string(go_on);
    }
    return name + " is " + state + ".";
}

json::object summary(const json::value& job) {
    json::object out;
    for (const char* const key : shown) {
        if (const json::value& value = member(job, key); !is_empty(value)) out[key] = value;
    }
    const json::value& artifacts = member(job, "artifacts");
    if (!artifacts.is_array() || artifacts.get_array().empty()) return out;
    json::array& list = out["artifacts"].emplace_array();
    for (const json::value& each : artifacts.get_array())
        list.push_back(artifact_summary(text_of(job, "id"), each));
    return out;
}

std::string artifact_uri(const std::string& job, std::uint64_t n) {
    return "genspool://jobs/" + job + "/artifacts/" + std::to_string(n);
}

std::string trouble(const ApiReply& reply, Purpose purpose) {
    using Way = ApiReply::Way;
    if (reply.way == Way::not_saved)
        return with_stop(reply.body) + " Mend that, or name another directory.";
    if (reply.way != Way::answered)
        return in_doubt(with_stop(reply.body), purpose, reply.way == Way::unsent);
    const json::value problem = read_json(reply.body);
    const std::string code = text_of(problem, "code");
    std::string words = problem_words(problem, reply.status);
    if (leaves_open(reply.status, code)) return in_doubt(words, purpose, false);
    const bool ordered = purpose == Purpose::order || purpose == Purpose::price;
    if (ordered && text_of(problem, "billed") != "true")
        words += " Nothing was ordered, and nothing was bought.";
    if (code == "needs_again")
        return words +
               " Nothing was bought now. Only a person may allow that (genspool retry "
               "--again): tell the user.";
    if (code == "idempotency_conflict")
        return words + " The key belongs to another order: take a new one, or none.";
    if (text_of(problem, "retryable") == "true") words += " Make the same call again in a while.";
    return words;
}

}  // namespace genspool::proto::mcp
