#include <algorithm>
#include <boost/json.hpp>
#include <cctype>

#include "tests/simulator/free_routes.hpp"
#include "tests/simulator/useapi/answers.hpp"
#include "tests/simulator/useapi/routes.hpp"
#include "tests/simulator/useapi/shown.hpp"

namespace genspool::simulator::useapi {
namespace {

namespace json = boost::json;

constexpr std::chrono::hours week{24 * 7};
constexpr std::chrono::hours month{24 * 31};

/// Whether a query finds nothing (any more).
bool is_gone(const Job& job, Instant now) {
    switch (job.type) {
        case JobType::video:
            return job.deleted || (job.finished(now) && job.fail == 404);
        case JobType::image:
            return job.finished(now) && job.fail == 404;
        case JobType::speech:
        case JobType::music:
            return job.deleted || now - job.created > week;
        case JobType::agent:
            break;
    }
    return now - job.created > month;
}

/// Where the view keeps its state, as a word.
std::string_view word_field(const Job& job) {
    return job.type == JobType::agent ? "status" : "statusLabel";
}

/// As it was when it began, in a state that nobody has heard of.
json::object odd_view(const World& world, const Job& job) {
    json::object view =
        shown(world, job, job.created, [](const ShelfItem&) { return std::string(); });
    view.erase("response");
    view[word_field(job)] = "reviewing";
    if (job.type == JobType::video || job.type == JobType::image) view["status"] = 99;
    if (job.type != JobType::agent) view["statusFinal"] = false;
    return view;
}

void hide_result(json::object& view) {
    for (const std::string_view field : {"videoURL", "downloadURL", "audio_url"})
        view.erase(field);
}

void change_case(World& world, std::string_view field, json::object& view) {
    std::string word(view.at(field).as_string());
    const bool upper = world.dice.below(2) == 0;
    std::ranges::transform(word, word.begin(), [&](unsigned char c) {
        return static_cast<char>(upper ? std::toupper(c) : std::tolower(c));
    });
    view[field] = word;
}

/// The job's view, and what strikes it on its way.
json::object told(World& world, const Visit& visit, Job& job) {
    const auto strikes = [&](Fault fault) {
        if (!world.strikes(fault)) return false;
        note_fault(world, visit.call, fault, job.id);
        return true;
    };
    const bool final = job.finished(visit.now());
    if (job.odd_words && !final) {
        note_fault(world, visit.call, Fault::unknown_state, job.id);
        return odd_view(world, job);
    }
    if (strikes(Fault::unknown_state)) return odd_view(world, job);
    json::object view = shown(world, visit, job);
    const bool done = final && job.fail == 0 && job.type != JobType::agent;
    if (done && !std::exchange(job.result_shown, true) && strikes(Fault::success_without_file_id))
        hide_result(view);
    if (strikes(Fault::state_case)) change_case(world, word_field(job), view);
    return view;
}

ModelReply query(World& world, const Visit& visit, JobType type) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    auto found = find_job(world, visit, type, visit.id);
    if (auto* const refusal = std::get_if<ModelReply>(&found)) return std::move(*refusal);
    Job& job = *std::get<Job*>(found);
    return is_gone(job, visit.now()) ? answer_refusal(404) : answer(told(world, visit, job));
}

/// The account's jobs of one type that lists still show, newest first.
std::vector<Job*> listed(World& world, const Visit& visit, JobType type,
                         const std::string& account) {
    std::vector<Job*> jobs;
    auto& all = world.useapi.jobs();
    for (auto each = all.rbegin(); each != all.rend(); ++each) {
        const bool theirs =
            each->type == type && each->user == visit.user && each->account == account;
        if (theirs && !each->deleted && !is_gone(*each, visit.now())) jobs.push_back(&*each);
    }
    return jobs;
}

/// Up to `limit` of the jobs behind the one that the parameter names.
std::variant<json::array, ModelReply> page_behind(World& world, const Visit& visit, JobType type,
                                                  std::string_view last_param) {
    Chosen account = choose_account(world, visit);
    if (auto* const refusal = std::get_if<ModelReply>(&account)) return std::move(*refusal);
    const std::size_t limit = number_param(visit.call, "limit", 30);
    const std::string last = visit.call.param(last_param);
    bool begun = last.empty();
    json::array page;
    for (const Job* job : listed(world, visit, type, std::get<std::string>(account))) {
        if (page.size() == limit) break;
        if (begun) page.emplace_back(shown(world, visit, *job));
        begun = begun || job->id == last;
    }
    return page;
}

json::object listed_clip(World& world, const Visit& visit, const Job& job) {
    const json::object view = shown(world, visit, job);
    const auto* const url = view.if_contains("audio_url");
    json::object clip{{"audio_id", job.id}, {"audio_title", job.desc}};
    clip.emplace("audio_url", url == nullptr ? json::value("") : *url);
    clip.emplace("update_time", milliseconds(job.created));
    clip.emplace("user_id", job.account);
    clip.emplace("audio_review", 0);
    return clip;
}

/// DELETE of something that need not be there; nullptr where it is not.
std::variant<Job*, ModelReply> find_deletable(World& world, const Visit& visit, JobType type) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    auto found = find_job(world, visit, type, visit.id);
    auto* const refusal = std::get_if<ModelReply>(&found);
    if (refusal != nullptr && refusal->status == 404) return nullptr;
    return found;
}

ModelReply delete_job(World& world, const Visit& visit, JobType type) {
    auto found = find_deletable(world, visit, type);
    if (auto* const refusal = std::get_if<ModelReply>(&found)) return std::move(*refusal);
    if (Job* const job = std::get<Job*>(found)) job->deleted = true;
    return answer(json::object());
}

}  // namespace

ModelReply query_video(World& world, const Visit& visit) {
    return query(world, visit, JobType::video);
}

ModelReply query_image(World& world, const Visit& visit) {
    return query(world, visit, JobType::image);
}

ModelReply query_speech(World& world, const Visit& visit) {
    return query(world, visit, JobType::speech);
}

ModelReply query_music(World& world, const Visit& visit) {
    return query(world, visit, JobType::music);
}

ModelReply query_agent(World& world, const Visit& visit) {
    return query(world, visit, JobType::agent);
}

ModelReply list_videos(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    auto page = page_behind(world, visit, JobType::video, "lastVideoId");
    if (auto* const refusal = std::get_if<ModelReply>(&page)) return std::move(*refusal);
    return answer(std::get<json::array>(page));
}

ModelReply list_images(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    auto page = page_behind(world, visit, JobType::image, "lastImageId");
    if (auto* const refusal = std::get_if<ModelReply>(&page)) return std::move(*refusal);
    return answer(json::object{{"images", std::get<json::array>(page)}});
}

ModelReply list_speech(World& world, const Visit& visit) {
    if (auto struck = trouble(world, visit)) return std::move(*struck);
    Chosen account = choose_account(world, visit);
    if (auto* const refusal = std::get_if<ModelReply>(&account)) return std::move(*refusal);
    const std::size_t size = number_param(visit.call, "page_size", 100);
    const std::size_t page = std::max<std::size_t>(number_param(visit.call, "page", 1), 1);
    const auto jobs = listed(world, visit, JobType::speech, std::get<std::string>(account));
    json::array clips;
    for (std::size_t n = (page - 1) * size; n < std::min(page * size, jobs.size()); ++n)
        clips.emplace_back(listed_clip(world, visit, *jobs[n]));
    json::object body{{"total", jobs.size()}, {"has_more", page * size < jobs.size()}};
    body.emplace("audio_list", std::move(clips));
    return answer(body);
}

ModelReply delete_video(World& world, const Visit& visit) {
    return delete_job(world, visit, JobType::video);
}

ModelReply delete_image(World& world, const Visit& visit) {
    return delete_job(world, visit, JobType::image);
}

ModelReply delete_speech(World& world, const Visit& visit) {
    const Job* const job = world.useapi.find(visit.id);
    if (job != nullptr && job->user == visit.user && !job->finished(visit.now()))
        return answer_refusal(400, "still running: use DELETE /scheduler/" + visit.id);
    return delete_job(world, visit, JobType::speech);
}

}  // namespace genspool::simulator::useapi
