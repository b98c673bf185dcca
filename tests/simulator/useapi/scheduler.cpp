#include <algorithm>
#include <boost/json.hpp>

#include "tests/simulator/field_check.hpp"
#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/ids.hpp"
#include "tests/simulator/useapi/routes.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

/// Images stand under the same key as videos: the id tells what they are.
std::string_view id_field(JobType type) {
    if (type == JobType::speech) return "audioId";
    return type == JobType::music ? "musicId" : "videoId";
}

json::object entry(const Job& job, Instant now) {
    json::object told{{id_field(job.type), job.id}};
    told.emplace("started", proto::format_rfc3339(job.created));
    told.emplace("elapsed", elapsed(now - job.created));
    if (!job.reply_url.empty()) told.emplace("replyUrl", job.reply_url);
    if (!job.ref.empty()) told.emplace("replyRef", job.ref);
    return told;
}

/// The user's jobs that are under way and tracked.
std::vector<Job*> tracked(World& world, const Visit& visit) {
    std::vector<Job*> jobs = world.useapi.unfinished(visit.now());
    std::erase_if(jobs, [&](const Job* job) { return !job->tracked || job->user != visit.user; });
    return jobs;
}

json::object availability(const std::string& name, const Account& account,
                          const std::vector<Job*>& jobs) {
    const auto count = [&](JobType type) {
        return static_cast<std::uint64_t>(std::ranges::count_if(
            jobs, [&](const Job* job) { return job->type == type && job->account == name; }));
    };
    const auto videos = count(JobType::video);
    const std::uint64_t limit = account.max_jobs;
    json::object told{{"account", name}, {"maxJobs", limit}, {"executing", videos}};
    told.emplace("available", limit - std::min(videos, limit));
    told.emplace("executingAudio", count(JobType::speech));
    return told;
}

}  // namespace

void call_off(World& world, const Visit& visit, Job& job) {
    world.capacity.lane(job.account, job.slot).end_early(job.finishes);
    job.finishes = visit.now();
    job.fail = job.type == JobType::speech ? 499 : 3;
    FaultRecord record;
    record.time = visit.now();
    record.fault = "canceled";
    record.endpoint = visit.call.path();
    record.task = job.id;
    world.note(std::move(record));
}

ModelReply show_scheduler(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    json::array entries;
    for (const Job* job : tracked(world, visit)) {
        if (job->type != JobType::agent) entries.emplace_back(entry(*job, visit.now()));
    }
    return answer(entries);
}

/// An account with nothing to spare is left out.
ModelReply show_available(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    const auto jobs = tracked(world, visit);
    json::array executing;
    for (const Job* job : jobs) {
        if (job->type == JobType::video) executing.emplace_back(entry(*job, visit.now()));
    }
    json::array available;
    for (const auto& [name, account] : world.useapi.accounts(visit.user)) {
        json::object told = availability(name, account, jobs);
        if (account.linked && told.at("available") != 0) available.emplace_back(std::move(told));
    }
    json::object body{{"executing", std::move(executing)}};
    body.emplace("available", std::move(available));
    return answer(body);
}

/// Of a spoken text it is the end; all else goes on at the site.
ModelReply stop_tracking(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    const auto parts = read_id(visit.id);
    if (!parts || parts->word == "bot" || parts->user != visit.user)
        return answer_refusal(400, "this is no id of yours");
    Job* const job = world.useapi.find(visit.id);
    if (job == nullptr || !job->running(visit.now()))
        return answer(json::object{{"error", "it is not running"}}, 404);
    job->tracked = false;
    if (job->type == JobType::speech) call_off(world, visit, *job);
    return answer_nothing();
}

/// It may come too late: then nothing is said of it.
ModelReply cancel_video(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    const auto body = read_body(visit.call.request);
    const std::string id(body ? text_field(*body, "videoId") : std::string_view());
    auto found = find_job(world, visit, JobType::video, id);
    if (std::holds_alternative<ModelReply>(found))
        return answer(json::object{{"error", "videoId is not known"}}, 400);
    Job& job = *std::get<Job*>(found);
    constexpr int begun = 3;
    if (!job.finished(visit.now()) && job.tenths(visit.now()) < begun) call_off(world, visit, job);
    return answer(json::object());
}

ModelReply list_agent_jobs(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    json::object executing;
    for (const Job* job : tracked(world, visit)) {
        if (job->type != JobType::agent) continue;
        auto& jobs = executing[job->account];
        if (jobs.is_null()) jobs = json::array();
        jobs.as_array().push_back(
            json::object{{"jobId", job->id}, {"elapsed", elapsed(visit.now() - job->created)}});
    }
    json::array accounts;
    json::object summary;
    for (const auto& each : executing) {
        accounts.emplace_back(each.key());
        summary.emplace(each.key(), json::object{{"executing", each.value().as_array().size()}});
    }
    json::object body{{"accounts", std::move(accounts)}, {"summary", std::move(summary)}};
    body.emplace("executing", std::move(executing));
    return answer(body);
}

}  // namespace genspool::simulator::useapi
