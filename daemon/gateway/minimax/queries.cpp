// What becomes of tasks and batches, asked by their numbers; and their cancelling.
#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <functional>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

#include "daemon/gateway/intake.hpp"
#include "daemon/gateway/minimax/desk.hpp"
#include "daemon/gateway/minimax/envelope.hpp"
#include "daemon/gateway/minimax/task_words.hpp"
#include "proto/canonical_json.hpp"
#include "proto/upstream_text.hpp"

namespace genspool::daemon::gateway::minimax {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::uint64_t page_default = 20;
constexpr std::uint64_t page_max = 100;

/// So many tasks a list counts at most.
constexpr std::size_t total_max = 10'000;

Reply answered(const json::object& object) {
    return Reply(200, proto::compact_json(object));
}

constexpr std::array<std::string_view, 2> v2_ops{"minimax.video_v2", "minimax.h3_context_ir"};

bool is_v2(const queue::JobView& job) {
    return std::ranges::find(v2_ops, job.spec.op) != v2_ops.end();
}

/// As there, only what has not begun can be called off: what runs is charged.
bool waits(const proto::JobRecord& job) {
    using proto::State;
    if (job.state == State::running) return job.upstream_state == "queued";
    return job.state == State::blocked || job.state == State::queued ||
           job.state == State::preparing;
}

}  // namespace

asio::awaitable<Reply> query_video(Api& api, Request& request) {
    const auto job = co_await find_task(api, parameter(request, "task_id"));
    if (!job) co_return unknown(request, "task_id");
    co_return Reply(200, queried_video(*job));
}

asio::awaitable<Reply> query_template(Api& api, Request& request) {
    const auto job = co_await find_task(api, parameter(request, "task_id"));
    if (!job) co_return unknown(request, "task_id");
    co_return Reply(200, queried_template(*job, link_for(api, request, *job)));
}

asio::awaitable<Reply> query_speech(Api& api, Request& request) {
    const auto job = co_await find_task(api, parameter(request, "task_id"));
    if (!job) co_return unknown(request, "task_id");
    co_return Reply(200, queried_speech(*job));
}

asio::awaitable<Reply> query_v2(Api& api, Request& request) {
    const auto job = co_await find_task(api, request.arguments[1]);
    if (!job) co_return unknown(request, "task_id");
    json::object answer;
    answer["task"] = task_v2(*job, link_for(api, request, *job));
    co_return answered(answer);
}

asio::awaitable<Reply> list_v2(Api& api, Request& request) {
    const std::string status = parameter(request, "filter.status");
    const std::string model = parameter(request, "filter.model");
    const std::string type = parameter(request, "filter.task_type");
    std::vector<std::string> ids;
    for (const auto& [name, value] : request.query)
        if (name == "filter.task_ids") ids.push_back(value);
    const std::uint64_t size = count_parameter(request, "page_size", page_default, page_max);
    const std::uint64_t page = count_parameter(request, "page_num", 1, total_max);
    std::map<proto::JobSeq, json::object, std::greater<>> newest;  // to the end of that page
    std::uint64_t total = 0;
    const std::function<bool(const queue::JobView&)> visit = [&](const queue::JobView& job) {
        json::object task = task_v2(job, link_for(api, request, job));
        const auto is = [&task](std::string_view name, const std::string& wanted) {
            return wanted.empty() || proto::text_or_number(task, name) == wanted;
        };
        const bool named =
            ids.empty() || std::ranges::find(ids, proto::text_or_number(task, "id")) != ids.end();
        if (!named || !is("status", status) || !is("model", model) || !is("task_type", type))
            return true;
        newest.emplace(job.record.seq, std::move(task));
        if (newest.size() > page * size) newest.erase(std::prev(newest.end()));
        return ++total < total_max;
    };
    // Each by itself, so that what else there is does not come in between.
    for (const std::string_view op : v2_ops) {
        queue::Filter filter;
        filter.op = op;
        co_await visit_newest(api, provider, std::move(filter), proto::JobSeq(), visit);
    }
    json::array items;
    std::uint64_t place = 0;
    for (auto& [seq, task] : newest)
        if (place++ / size + 1 == page) items.emplace_back(std::move(task));
    json::object answer;
    answer["items"] = std::move(items);
    answer["total"] = total;
    co_return answered(answer);
}

asio::awaitable<Reply> cancel_v2(Api& api, Request& request) {
    const auto job = co_await find_task(api, request.arguments[1]);
    if (!job || !is_v2(*job)) co_return unknown(request, "task_id");
    if (proto::is_terminal(job->record.state))
        co_return refused(request, Problem("not_allowed",
                                           "the task has ended; genspool takes its record away "
                                           "when its retention is over"));
    if (!waits(job->record))
        co_return refused(request, Problem("not_allowed",
                                           "the task runs, and only a queued one can be cancelled; "
                                           "`genspool cancel` gives it up all the same"));
    const auto problem = co_await cancel(api, request, job->record.seq);
    if (problem) co_return refused(request, *problem);
    const auto after = co_await find_task(api, request.arguments[1]);
    if (!after) co_return unknown(request, "task_id");
    json::object answer{{"task_id", request.arguments[1]}, {"action", "cancelled"}};
    // What the upstream has begun is called off there first.
    answer["status"] = task_v2(*after, link_for(api, request, *after)).at("status");
    co_return answered(answer);
}

asio::awaitable<Reply> show_batch(Api& api, Request& request) {
    const auto job = co_await find_task(api, request.arguments[1]);
    if (!job || job->spec.kind != proto::Kind::chat_batch) co_return unknown(request, "batch_id");
    co_return answered(batch_object(*job));
}

asio::awaitable<Reply> list_batches(Api& api, Request& request) {
    const std::uint64_t most = count_parameter(request, "limit", page_default, page_max);
    proto::JobSeq before;
    const std::string after = parameter(request, "after");
    if (!after.empty()) {
        const auto job = co_await find_task(api, after);
        if (!job) co_return unknown(request, "after");
        before = job->record.seq;
    }
    queue::Filter filter;
    filter.kind = proto::Kind::chat_batch;
    json::array data;
    std::function<bool(const queue::JobView&)> visit = [&data, most](const queue::JobView& job) {
        data.emplace_back(batch_object(job));
        return data.size() < most;
    };
    co_await visit_newest(api, provider, std::move(filter), before, std::move(visit));
    json::object answer;
    answer["object"] = "list";
    answer["data"] = std::move(data);
    co_return answered(answer);
}

asio::awaitable<Reply> cancel_batch(Api& api, Request& request) {
    auto job = co_await find_task(api, request.arguments[1]);
    if (!job || job->spec.kind != proto::Kind::chat_batch) co_return unknown(request, "batch_id");
    // A finished batch is answered as it is.
    if (!proto::is_terminal(job->record.state)) {
        const auto problem = co_await cancel(api, request, job->record.seq);
        if (problem) co_return refused(request, *problem);
        job = co_await find_task(api, request.arguments[1]);
        if (!job) co_return unknown(request, "batch_id");
    }
    co_return answered(batch_object(*job));
}

}  // namespace genspool::daemon::gateway::minimax
