#include <functional>
#include <numeric>
#include <utility>

#include "daemon/query.hpp"
#include "daemon/queue_calls.hpp"
#include "daemon/routes/pause.hpp"
#include "daemon/routes/routes.hpp"
#include "proto/build.hpp"
#include "proto/json_writer.hpp"

namespace genspool::daemon::routes {

namespace asio = boost::asio;

namespace {

std::string_view to_string(queue::DiskGate gate) {
    switch (gate) {
        case queue::DiskGate::open:
            return "open";
        case queue::DiskGate::no_submit:
            return "no_submit";
        case queue::DiskGate::no_fetch:
            return "no_fetch";
        case queue::DiskGate::no_intake:
            return "no_intake";
    }
    return "open";
}

/// How the queue came to stand where it stands: paused, set back.
void write_standing(proto::JsonWriter& json, const queue::Stats& stats) {
    json.count("generation", stats.generation);
    if (!stats.setback) return json.null("setback");
    json.begin_object("setback");
    json.text("why", to_string(stats.setback->why));
    json.moment("at", stats.setback->at);
    json.count("last_event", stats.setback->last_event.value);
    json.count("doubtful", stats.setback->doubtful);
    json.end_object();
}

std::string queue_text(const queue::Stats& stats) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.flag("paused", stats.paused);
    json.text_or_null("reason", stats.paused_reason);
    write_standing(json, stats);
    json.end_object();
    return out;
}

/// What all accounts together may spend today.
void write_budgets(proto::JsonWriter& json, const queue::Stats& stats) {
    json.begin_object("budget");
    for (const queue::BudgetView& budget : stats.budgets) {
        json.begin_object(proto::to_string(budget.unit));
        json.money("day", budget.limit);
        json.money("used", budget.used);
        json.end_object();
    }
    json.end_object();
}

void write_oldest(proto::JsonWriter& json, const queue::Oldest& oldest) {
    json.begin_object("oldest");
    for (std::size_t i = 1; i < proto::state_count; ++i) {
        const auto state = static_cast<proto::State>(i);
        if (!proto::is_terminal(state)) json.moment(proto::to_string(state), oldest.at(i));
    }
    json.end_object();
}

std::string stats_text(const queue::Stats& stats, const queue::Oldest& oldest, const Api& api) {
    std::string out;
    proto::JsonWriter json(out);
    json.begin_object();
    json.text("version", proto::build().version);
    json.moment("started_at", api.started_at);
    json.count("jobs",
               std::accumulate(stats.by_state.begin(), stats.by_state.end(), std::uint64_t{0}));
    json.count("open", stats.jobs);
    json.begin_object("states");
    for (std::size_t i = 1; i < proto::state_count; ++i)
        json.count(proto::to_string(static_cast<proto::State>(i)), stats.by_state[i]);
    json.end_object();
    write_oldest(json, oldest);
    json.flag("paused", stats.paused);
    json.text_or_null("paused_reason", stats.paused_reason);
    write_standing(json, stats);
    json.text("disk", to_string(stats.disk));
    write_budgets(json, stats);
    json.count("accounts", api.config.accounts.size());
    json.count("first_event", stats.first_event.value);
    json.count("last_event", stats.last_event.value);
    json.count("commits", stats.commits);
    json.count("commands", stats.commands);
    json.count("memory_entries", stats.memory_entries);
    json.count("lanes_visited", stats.lanes_visited);
    json.count("entries_visited", stats.entries_visited);
    json.end_object();
    return out;
}

asio::awaitable<queue::Stats> stats_now(Api& api) {
    queue::Stats now;
    std::function<void(const queue::Reader&)> errand = [&now](const queue::Reader& reader) {
        now = reader.stats();
    };
    co_await look(api.queue, std::move(errand));
    co_return now;
}

}  // namespace

asio::awaitable<Reply> pause_queue(Api& api, Request& request) {
    std::string everywhere;
    Reply reply = co_await pause(api, request, std::move(everywhere), true);
    co_return reply;
}

asio::awaitable<Reply> resume_queue(Api& api, Request& request) {
    std::string everywhere;
    Reply reply = co_await pause(api, request, std::move(everywhere), false);
    co_return reply;
}

asio::awaitable<Reply> show_queue(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    queue::Stats now = co_await stats_now(api);
    co_return Reply(200, queue_text(now));
}

asio::awaitable<Reply> stats(Api& api, Request& request) {
    Query query(request);
    if (const auto problem = query.finish()) co_return to_reply(*problem);
    queue::Stats now;
    queue::Oldest oldest;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        now = reader.stats();
        oldest = reader.oldest();
    };
    co_await look(api.queue, std::move(errand));
    co_return Reply(200, stats_text(now, oldest, api));
}

}  // namespace genspool::daemon::routes
