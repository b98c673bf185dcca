// What is under way, whoever ordered it, and where there is room; and calling it off.
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "daemon/gateway/intake.hpp"
#include "daemon/gateway/useapi/desk.hpp"
#include "daemon/gateway/useapi/envelope.hpp"
#include "daemon/gateway/useapi/task_words.hpp"
#include "daemon/gateway/useapi/translation.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway::useapi {

namespace asio = boost::asio;
namespace json = boost::json;
using proto::State;

namespace {

constexpr std::size_t running_max = 1'000;

/// What is told of a job that has not ended; its request may be long, and is not kept.
struct Underway {
    proto::JobId id;
    Word word = Word::video;
    std::size_t count = 1;  ///< things that it makes
    std::string account;
    std::string reply_ref;
    proto::Instant since;
};

Underway underway(const queue::JobView& job, Word word) {
    const proto::JobRecord& record = job.record;
    return {record.id,           word,
            count_of(job, word), record.account.empty() ? job.spec.account : record.account,
            reply_ref_of(job),   record.created_at};
}

/// The jobs that have not ended, newest first. Of very many those that wait are left out.
asio::awaitable<std::vector<Underway>> running(Api& api) {
    constexpr std::array states = {State::running,   State::fetching,  State::unknown,
                                   State::held,      State::canceling, State::submitting,
                                   State::preparing, State::queued,    State::blocked};
    std::vector<Underway> jobs;
    std::set<proto::JobSeq> seen;  // one may go from state to state meanwhile
    for (const State state : states) {
        queue::Filter filter;
        filter.state = state;
        std::function<bool(const queue::JobView&)> visit = [&](const queue::JobView& job) {
            const auto word = word_of(job.spec.kind);
            if (word && jobs.size() < running_max && seen.insert(job.record.seq).second)
                jobs.push_back(underway(job, *word));
            return jobs.size() < running_max;
        };
        co_await visit_newest(api, provider, std::move(filter), proto::JobSeq(), std::move(visit));
    }
    std::ranges::sort(jobs, std::ranges::greater(),
                      [](const Underway& job) { return job.id.seq().value; });
    co_return jobs;
}

/// An entry for each thing that the job makes.
void add_entries(const Underway& job, proto::Instant now, json::array& entries) {
    for (std::size_t n = 0; n < job.count; ++n) {
        json::object entry{{id_member(job.word), id_of(job.id, job.word, n)},
                           {"started", proto::format_rfc3339(job.since)},
                           {"elapsed", elapsed(now - job.since)}};
        if (!job.reply_ref.empty()) entry["replyRef"] = job.reply_ref;
        entries.emplace_back(std::move(entry));
    }
}

/// Where videos go. The queue takes any number: an account that is full has room for one more.
json::object availability(const Api& api, const AccountConfig& account,
                          const std::vector<Underway>& jobs) {
    const auto count = [&](Word word) {
        return std::ranges::count_if(jobs, [&](const Underway& job) {
            return job.word == word && job.account == account.name;
        });
    };
    const auto slots = account.slots.find("video");
    const std::int64_t limit = slots == account.slots.end() ? 0 : slots->second;
    const std::int64_t videos = count(Word::video);
    return {{"account", shown_account(api, account.name)},
            {"maxJobs", limit},
            {"executing", videos},
            {"available", std::max<std::int64_t>(limit - videos, 1)},
            {"executingAudio", static_cast<std::int64_t>(count(Word::audio))}};
}

}  // namespace

asio::awaitable<Reply> show_scheduler(Api& api, Request&) {
    const std::vector<Underway> jobs = co_await running(api);
    json::array entries;
    for (const Underway& job : jobs)
        if (job.word != Word::agent) add_entries(job, api.clock.now(), entries);
    co_return answered(std::move(entries));
}

asio::awaitable<Reply> show_available(Api& api, Request&) {
    const std::vector<Underway> jobs = co_await running(api);
    json::array executing;
    for (const Underway& job : jobs)
        if (job.word == Word::video) add_entries(job, api.clock.now(), executing);
    json::array available;
    for (const AccountConfig& account : api.config.accounts)
        if (account.provider == provider) available.emplace_back(availability(api, account, jobs));
    json::object answer;
    answer["executing"] = std::move(executing);
    answer["available"] = std::move(available);
    co_return answered(std::move(answer));
}

asio::awaitable<Reply> list_agents(Api& api, Request&) {
    const std::vector<Underway> jobs = co_await running(api);
    json::object executing;
    for (const Underway& job : jobs) {
        if (job.word != Word::agent) continue;
        json::value& entries = executing[shown_account(api, job.account)];
        if (entries.is_null()) entries = json::array();
        entries.as_array().push_back(
            json::object{{"jobId", id_of(job.id, Word::agent, 0)},
                         {"elapsed", elapsed(api.clock.now() - job.since)}});
    }
    json::array accounts;
    json::object summary;
    for (const auto& each : executing) {
        accounts.emplace_back(each.key());
        summary[each.key()] = json::object{{"executing", each.value().as_array().size()}};
    }
    json::object answer;
    answer["accounts"] = std::move(accounts);
    answer["summary"] = std::move(summary);
    answer["executing"] = std::move(executing);
    co_return answered(std::move(answer));
}

/// There only what is spoken is called off by that; here whatever it is: who looks after it no more
/// does not want it.
asio::awaitable<Reply> take_from_scheduler(Api& api, Request& request) {
    const std::string given = request.arguments[1];
    const auto id = read_id(given);
    if (!id || id->word == Word::file) co_return no_id(given);
    if (!id->ours()) {
        Reply reply = co_await pass_on(api, request);
        co_return reply;
    }
    const auto piece = co_await find_piece(api, *id);
    if (!piece || proto::is_terminal(piece->job.record.state))
        co_return refused(Problem("not_found", "it is not running"));
    const auto problem = co_await cancel(api, request, piece->job.record.seq);
    if (problem) co_return refused(*problem);
    co_return Reply(204);
}

/// An attempt: of what has ended nothing is said.
asio::awaitable<Reply> cancel_video(Api& api, Request& request) {
    const ObjectRead body = co_await read_json(api, request);
    if (body.problem) co_return refused(*body.problem);
    const auto id = read_id(proto::text_or_number(body.object, "videoId"));
    std::optional<Piece> piece;
    if (id && id->word == Word::video) piece = co_await find_piece(api, *id);
    if (!piece) co_return refused(Problem("invalid", "videoId is not known"));
    std::optional<Problem> problem;
    if (!proto::is_terminal(piece->job.record.state))
        problem = co_await cancel(api, request, piece->job.record.seq);
    if (problem) co_return refused(*problem);
    co_return answered(json::object());
}

}  // namespace genspool::daemon::gateway::useapi
