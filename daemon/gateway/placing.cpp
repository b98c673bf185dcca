#include "daemon/gateway/placing.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "daemon/gateway/gateway.hpp"
#include "daemon/job_text.hpp"
#include "daemon/lookup.hpp"
#include "daemon/queue_calls.hpp"
#include "queue/kill_point.hpp"
#include "workers/digest.hpp"

namespace genspool::daemon::gateway {

namespace asio = boost::asio;

namespace {

/// Who has more of one body under way, or lost, is to wait.
constexpr std::size_t unanswered_max = 4'096;

/// Whether the job is what a repeat of its order gets.
bool is_repeated(const Api& api, const proto::JobRecord& job) {
    const Answers& answers = api.gateway->answers;
    return !answers.answered(job.seq) && !answers.awaited(job.seq);
}

/// The jobs of an order that nobody has had the answer of, oldest first.
asio::awaitable<std::vector<proto::JobRecord>> unanswered(Api& api, const Order& order,
                                                          const std::string& hash) {
    std::vector<proto::JobRecord> jobs;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        jobs = reader.orders(hash, unanswered_max);
    };
    co_await look(api.queue, std::move(errand));
    const auto late = std::ranges::stable_partition(
        jobs, [&](const proto::JobRecord& job) { return is_recent(order, job, api.clock.now()); });
    // Nobody comes for these any more.
    for (const proto::JobRecord& job : late) {
        queue::Command command = queue::AnswerHad{job.seq};
        co_await api.line.ask(std::move(command));
    }
    jobs.erase(late.begin(), jobs.end());
    co_return jobs;
}

void wait_for(Api& api, Request& request, proto::JobSeq job, Placed& placed) {
    placed.waiter = std::make_unique<Answers::Waiter>(api.gateway->answers, job, *request.body);
}

/// One that is there; from here on no other repeat gets it.
asio::awaitable<void> take(Api& api, Request& request, proto::JobSeq job, Placed& placed) {
    wait_for(api, request, job, placed);
    FoundJob found = co_await find_job(api, job, false);
    placed.problem = std::move(found.problem);
    if (found.job) placed.job = std::move(*found.job);
}

/// Admits it: under the client's own key, or as an order that a repeat finds. False: the key stands
/// for a job already. Why not is said in `placed`.
asio::awaitable<bool> admit(Api& api, Request& request, const Order& order, std::string hash,
                            Placed& placed) {
    const std::string key = request.field(Field::idempotency_key);
    auto job = api.admission.job(order.line, request.caller.principal, key, api.clock.now());
    if (!job) {
        placed.problem = to_problem(job.error());
        co_return true;
    }
    job->order = std::move(hash);
    proto::JobSpec spec = job->spec;
    if (request.body->gone()) {
        // Nobody would have it, and who repeats it may be at the queue already.
        placed.problem.emplace("busy", "The client has gone.");
        co_return true;
    }
    queue::Command command = queue::Admit{std::move(*job)};
    const queue::Answer answer = co_await api.line.ask(std::move(command));
    GENSPOOL_KILL_POINT("intake.gateway_admitted");
    const auto* const admitted = std::get_if<queue::Admitted>(&answer.body);
    if (answer.errc == queue::Errc::ok && admitted != nullptr) {
        placed.job = fresh_job(*admitted, std::move(spec));
        wait_for(api, request, placed.job.record.seq, placed);
        co_return true;
    }
    if (answer.errc == queue::Errc::already) co_return false;
    placed.problem = to_problem(answer);
    co_return true;
}

/// The client has its own word for what is the same order.
asio::awaitable<void> place_by_key(Api& api, Request& request, const Order& order, Placed& placed) {
    std::string no_order;
    const bool done = co_await admit(api, request, order, std::move(no_order), placed);
    if (done) co_return;
    const std::string key = request.field(Field::idempotency_key);
    std::optional<proto::JobSeq> first;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        const auto scope = Admission::idempotency(request.caller.principal, key, {}).scope_hash;
        first = reader.find_by_key(scope);
    };
    co_await look(api.queue, std::move(errand));
    if (!first) {
        placed.problem.emplace("idempotency_conflict",
                               "What was made under this Idempotency-Key is gone, or no job.");
        co_return;
    }
    co_await take(api, request, *first, placed);
}

}  // namespace

bool is_recent(const Order& order, const proto::JobRecord& job, proto::Instant now) {
    const proto::Instant since = now - std::chrono::minutes{10};
    if (order.answered_at_once) return job.created_at > since;
    return !job.finished_at || *job.finished_at > since;
}

asio::awaitable<Placed> place(Api& api, Request& request, Order order) {
    Placed placed;
    if (!request.field(Field::idempotency_key).empty()) {
        co_await place_by_key(api, request, order, placed);
        co_return placed;
    }
    const std::string name = "gateway/" + workers::sha256_hex(order.identity);
    std::string hash = Admission::idempotency(request.caller.principal, name, {}).scope_hash;
    const std::vector<proto::JobRecord> jobs = co_await unanswered(api, order, hash);
    // The oldest that fits: of several that were lost each repeat gets another.
    const auto lost = std::ranges::find_if(
        jobs, [&](const proto::JobRecord& job) { return is_repeated(api, job); });
    if (lost != jobs.end()) {
        co_await take(api, request, lost->seq, placed);
    } else if (jobs.size() == unanswered_max) {
        placed.problem.emplace("busy", "The same body is ordered too often at once.");
    } else {
        co_await admit(api, request, order, std::move(hash), placed);
    }
    co_return placed;
}

asio::awaitable<void> note_answered(Api& api, proto::JobId job, Answers::Waiter& waiter) {
    waiter.is_answered();
    GENSPOOL_KILL_POINT("intake.gateway_answered");
    queue::Command command = queue::AnswerHad{job.seq()};
    co_await api.line.ask(std::move(command));
    GENSPOOL_KILL_POINT("intake.gateway_noted");
}

}  // namespace genspool::daemon::gateway
