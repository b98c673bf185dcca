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

/// The jobs that have not ended, newest first.
asio::awaitable<std::vector<queue::JobView>> running(Api& api) {
    constexpr std::array states = {State::blocked,    State::queued,   State::preparing,
                                   State::submitting, State::unknown,  State::running,
                                   State::canceling,  State::fetching, State::held};
    std::vector<queue::JobView> jobs;
    std::set<std::uint64_t> seen;  // one may go from state to state meanwhile
    for (const State state : states) {
        queue::Filter filter;
        filter.state = state;
        std::function<bool(const queue::JobView&)> visit = [&](const queue::JobView& job) {
            if (word_of(job.spec.kind) && seen.insert(job.record.seq.value).second)
                jobs.push_back(job);
            return jobs.size() < running_max;
        };
        co_await visit_newest(api, provider, std::move(filter), proto::JobSeq(), std::move(visit));
    }
    std::ranges::sort(jobs, [](const queue::JobView& one, const queue::JobView& other) {
        return other.record.seq.value < one.record.seq.value;
    });
    co_return jobs;
}

/// An entry for each thing that the job makes.
void add_entries(const queue::JobView& job, proto::Instant now, json::array& entries) {
    const Word word = word_of(job.spec.kind).value();
    const std::string ref = reply_ref_of(job);
    for (std::size_t n = 0; n < count_of(job, word); ++n) {
        json::object entry{{id_member(word), id_of(job.record.id, word, n)},
                           {"started", proto::format_rfc3339(job.record.created_at)},
                           {"elapsed", elapsed(now - job.record.created_at)}};
        if (!ref.empty()) entry["replyRef"] = ref;
        entries.emplace_back(std::move(entry));
    }
}

bool makes(const queue::JobView& job, Word word) {
    return word_of(job.spec.kind) == word;
}

/// Where videos go. The queue takes any number: an account that is full has room for one more.
json::object availability(const Api& api, const AccountConfig& account,
                          const std::vector<queue::JobView>& jobs) {
    const auto count = [&](Word word) {
        return std::ranges::count_if(jobs, [&](const queue::JobView& job) {
            return makes(job, word) && is_at(job, account.name);
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
    const std::vector<queue::JobView> jobs = co_await running(api);
    json::array entries;
    for (const queue::JobView& job : jobs)
        if (!makes(job, Word::agent)) add_entries(job, api.clock.now(), entries);
    co_return answered(std::move(entries));
}

asio::awaitable<Reply> show_available(Api& api, Request&) {
    const std::vector<queue::JobView> jobs = co_await running(api);
    json::array executing;
    for (const queue::JobView& job : jobs)
        if (makes(job, Word::video)) add_entries(job, api.clock.now(), executing);
    json::array available;
    for (const AccountConfig& account : api.config.accounts)
        if (account.provider == provider) available.emplace_back(availability(api, account, jobs));
    json::object answer;
    answer["executing"] = std::move(executing);
    answer["available"] = std::move(available);
    co_return answered(std::move(answer));
}

asio::awaitable<Reply> list_agents(Api& api, Request&) {
    const std::vector<queue::JobView> jobs = co_await running(api);
    json::object executing;
    for (const queue::JobView& job : jobs) {
        if (!makes(job, Word::agent)) continue;
        const std::string& name =
            job.record.account.empty() ? job.spec.account : job.record.account;
        json::value& entries = executing[shown_account(api, name)];
        if (entries.is_null()) entries = json::array();
        entries.as_array().push_back(
            json::object{{"jobId", id_of(job.record.id, Word::agent, 0)},
                         {"elapsed", elapsed(api.clock.now() - job.record.created_at)}});
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
