#include "daemon/gateway/placing.hpp"

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

/// Of as many orders of one body a repeat may be meant for each.
constexpr std::uint64_t looks_max = 16;
constexpr int tries_max = 64;

/// The key of the n-th order of one body on one day. Keys are numbered, and not chained from job to
/// job, so that the last one is found by halving; and by the day, because keys do not last for ever
/// and halving must find no gap.
std::string key_of(const std::string& body, const std::string& day, std::uint64_t n) {
    return "gateway/" + body + "/" + day + "/" + std::to_string(n);
}

/// What is known of orders of one body on one day.
struct Day {
    std::string name;
    std::uint64_t orders = 0;          ///< so many keys are taken
    std::vector<queue::JobView> last;  ///< the last of them, newest first

    explicit Day(std::string day) : name(std::move(day)) {}
};

class Look {
public:
    Look(const queue::Reader& reader, const std::string& principal, const std::string& body)
        : reader_(reader), principal_(principal), body_(body) {}

    void read(Day& day) const {
        day.orders = taken(day.name);
        for (std::uint64_t n = day.orders; n > 0 && day.orders - n < looks_max; --n) {
            const auto seq = find(day.name, n - 1);
            auto job = seq ? reader_.find(*seq) : std::nullopt;
            if (job) day.last.push_back(std::move(*job));
        }
    }

private:
    std::optional<proto::JobSeq> find(const std::string& day, std::uint64_t n) const {
        const std::string key = key_of(body_, day, n);
        return reader_.find_by_key(Admission::idempotency(principal_, key, {}).scope_hash);
    }

    std::uint64_t taken(const std::string& day) const {
        std::uint64_t free = 1;
        while (find(day, free - 1))
            free *= 2;
        // The one below `from` is taken, that below `free` is not.
        std::uint64_t from = free / 2;
        while (from + 1 < free) {
            const std::uint64_t middle = from + (free - from) / 2;
            (find(day, middle - 1) ? from : free) = middle;
        }
        return from;
    }

    const queue::Reader& reader_;
    const std::string& principal_;
    const std::string& body_;
};

bool was_answered(const Answers& answers, const queue::JobView& job) {
    if (answers.answered(job.record.seq)) return true;
    for (const auto& [name, value] : job.spec.labels)
        if (name == answer_label) return value == answer_given;
    return true;  // somebody has taken the label away: no more of it
}

/// Whether the job is what a repeat of its order gets.
bool is_repeated(const Api& api, const Order& order, const queue::JobView& job) {
    const Answers& answers = api.gateway->answers;
    if (was_answered(answers, job) || answers.awaited(job.record.seq)) return false;
    return is_recent(order, job.record, api.clock.now());
}

/// The oldest that fits: of several that were lost each repeat gets another.
const queue::JobView* find_repeated(const Api& api, const Order& order,
                                    const std::vector<Day>& days) {
    const queue::JobView* found = nullptr;
    for (const Day& day : days)
        for (const queue::JobView& job : day.last)
            if (is_repeated(api, order, job)) found = &job;
    return found;
}

asio::awaitable<void> look_back(Api& api, const std::string& principal, const std::string& body,
                                std::vector<Day>& days) {
    const proto::Instant now = api.clock.now();
    days.clear();
    days.emplace_back(proto::format_day(now));
    days.emplace_back(proto::format_day(now - std::chrono::hours{24}));
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        const Look look(reader, principal, body);
        for (Day& day : days)
            look.read(day);
    };
    co_await look(api.queue, std::move(errand));
}

void take(Api& api, Request& request, queue::JobView job, Placed& placed) {
    placed.waiter =
        std::make_unique<Answers::Waiter>(api.gateway->answers, job.record.seq, *request.body);
    placed.job = std::move(job);
}

/// Admits it under this key, or says in `placed` why not. False: the key stands for a job already.
asio::awaitable<bool> admit(Api& api, Request& request, const Order& order, std::string key,
                            Placed& placed) {
    auto job = api.admission.job(order.line, request.caller.principal, key, api.clock.now());
    if (!job) {
        placed.problem = to_problem(job.error());
        co_return true;
    }
    proto::JobSpec spec = job->spec;
    queue::Command command = queue::Admit{std::move(*job)};
    const queue::Answer answer = co_await api.line.ask(std::move(command));
    GENSPOOL_KILL_POINT("intake.gateway_admitted");
    const auto* const admitted = std::get_if<queue::Admitted>(&answer.body);
    if (answer.errc == queue::Errc::ok && admitted != nullptr) {
        take(api, request, fresh_job(*admitted, std::move(spec)), placed);
        co_return true;
    }
    if (answer.errc == queue::Errc::already) co_return false;
    placed.problem = to_problem(answer);
    co_return true;
}

/// The client has its own word for what is the same order.
asio::awaitable<void> place_by_key(Api& api, Request& request, const Order& order, Placed& placed) {
    const std::string key = request.field(Field::idempotency_key);
    const bool done = co_await admit(api, request, order, key, placed);
    if (done) co_return;
    std::optional<queue::JobView> first;
    std::function<void(const queue::Reader&)> errand = [&](const queue::Reader& reader) {
        const auto scope = Admission::idempotency(request.caller.principal, key, {}).scope_hash;
        const auto seq = reader.find_by_key(scope);
        if (seq) first = reader.find(*seq);
    };
    co_await look(api.queue, std::move(errand));
    if (!first) {
        placed.problem.emplace("idempotency_conflict",
                               "What was made under this Idempotency-Key is gone, or no job.");
        co_return;
    }
    take(api, request, std::move(*first), placed);
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
    const std::string& principal = request.caller.principal;
    const std::string body = workers::sha256_hex(order.identity);
    std::vector<Day> days;
    for (int tries = 0; tries < tries_max; ++tries) {
        co_await look_back(api, principal, body, days);
        const queue::JobView* const lost = find_repeated(api, order, days);
        if (lost != nullptr) {
            take(api, request, *lost, placed);
            co_return placed;
        }
        // Somebody else may have been quicker: then he is in the next look.
        std::string key = key_of(body, days.front().name, days.front().orders);
        const bool done = co_await admit(api, request, order, std::move(key), placed);
        // The same body was read otherwise by an earlier release.
        const bool other = placed.problem && placed.problem->code == "idempotency_conflict";
        if (done && !other) co_return placed;
        placed.problem.reset();
    }
    placed.problem.emplace("busy", "The same body is ordered too often at once.");
    co_return placed;
}

asio::awaitable<void> note_answered(Api& api, Caller caller, proto::JobId job,
                                    Answers::Waiter& waiter) {
    waiter.is_answered();
    GENSPOOL_KILL_POINT("intake.gateway_answered");
    const FoundJob found = co_await find_job(api, job.seq(), false);
    if (!found.job) co_return;
    queue::Patch patch;
    patch.job = job.seq();
    patch.actor = {std::move(caller.principal), caller.admin};
    patch.labels = found.job->spec.labels;
    for (auto& [name, value] : *patch.labels)
        if (name == answer_label) value = answer_given;
    queue::Command command = std::move(patch);
    co_await api.line.ask(std::move(command));
    GENSPOOL_KILL_POINT("intake.gateway_noted");
}

}  // namespace genspool::daemon::gateway
