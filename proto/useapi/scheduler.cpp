#include "proto/useapi/scheduler.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <utility>

#include "proto/upstream_text.hpp"
#include "proto/useapi/answer.hpp"

namespace genspool::proto::useapi {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 4> id_members{"videoId", "imageId", "audioId", "musicId"};

/// Under whatever name it stands; empty: under none.
std::string id_of(const json::object& job) {
    for (const std::string_view name : id_members) {
        std::string id = text_or_number(job, name);
        if (is_usable_id(id)) return id;
    }
    return {};
}

/// Longer than nearly all take.
constexpr std::uint64_t fresh_seconds = 600;

/// "03:57", or with hours in front.
bool is_fresh(const json::object& job) {
    const std::string elapsed = text_or_number(job, "elapsed");
    std::uint64_t seconds = 0;
    for (std::string_view rest = elapsed; !rest.empty();) {
        const auto part = whole_number(rest.substr(0, rest.find(':')));
        if (!part || *part > fresh_seconds) return false;
        seconds = seconds * 60 + *part;
        rest.remove_prefix(std::min(rest.find(':'), rest.size() - 1) + 1);
    }
    return !elapsed.empty() && seconds < fresh_seconds;
}

/// The list itself, or "executing" of the one that shows free places as well; nullptr: there is
/// none.
const json::array* jobs_of(const Answer& answer) {
    if (const json::array* const bare = answer.json.if_array()) return bare;
    const json::value* const executing = answer.fields().if_contains("executing");
    return executing != nullptr ? executing->if_array() : nullptr;
}

/// False: one of them has no id.
bool add_agents(const json::value& value, std::vector<RunningJob>& jobs) {
    const json::array* const items = value.if_array();
    if (items == nullptr) return false;
    for (const json::value& item : *items) {
        const json::object* const job = item.if_object();
        std::string id = job != nullptr ? text_or_number(*job, "jobId") : "";
        if (!is_usable_id(id)) return false;
        jobs.push_back({std::move(id), {}, is_fresh(*job)});
    }
    return true;
}

Refusal unreadable(const Reply& reply) {
    return incomplete(reply, "the answer holds no list that can be read whole");
}

}  // namespace

RunningJobs running_jobs(const Reply& reply, std::string_view mark) {
    const Answer answer = read_answer(reply);
    if (!succeeded(reply, answer)) return refusal(Service::credits, reply, answer);
    const json::array* const items = jobs_of(answer);
    if (items == nullptr) return unreadable(reply);
    std::vector<RunningJob> jobs;
    for (const json::value& item : *items) {
        const json::object* const job = item.if_object();
        std::string id = job != nullptr ? id_of(*job) : "";
        if (id.empty()) return unreadable(reply);
        if (id.find(mark) == std::string::npos) continue;
        jobs.push_back({std::move(id), text_or_number(*job, "replyRef"), is_fresh(*job)});
    }
    return jobs;
}

RunningJobs running_agents(const Reply& reply) {
    const Answer answer = read_answer(reply);
    if (!succeeded(reply, answer)) return refusal(Service::credits, reply, answer);
    const json::object* const executing = object_member(answer.fields(), "executing");
    if (executing == nullptr) return unreadable(reply);
    std::vector<RunningJob> jobs;
    for (const auto& account : *executing)
        if (!add_agents(account.value(), jobs)) return unreadable(reply);
    return jobs;
}

PollManyOutcome polled_together(RunningJobs jobs, std::string_view state) {
    if (auto* const refused = std::get_if<Refusal>(&jobs)) return std::move(*refused);
    PolledPage page;
    for (RunningJob& job : std::get<std::vector<RunningJob>>(jobs))
        if (job.fresh) page.told.emplace_back(std::move(job.id), StillRunning{std::string(state)});
    return page;
}

ListOutcome listed_running(RunningJobs jobs, std::string next) {
    if (auto* const refused = std::get_if<Refusal>(&jobs)) return std::move(*refused);
    ListPage page;
    page.next = std::move(next);
    for (RunningJob& job : std::get<std::vector<RunningJob>>(jobs))
        // Nobody says in which order they stand, so their times tell nothing of where a list ends.
        page.entries.push_back({std::move(job.id), {}, std::nullopt, std::move(job.reference)});
    return page;
}

}  // namespace genspool::proto::useapi
