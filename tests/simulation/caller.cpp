#include "tests/simulation/caller.hpp"

#include <chrono>
#include <iterator>
#include <utility>

#include "proto/minimax/provider.hpp"
#include "proto/useapi/provider.hpp"

namespace genspool::simulation {

using namespace std::chrono_literals;
using proto::Duration;
using proto::Instant;

namespace {

/// As long as one that is somebody's.
constexpr std::string_view nobodys_url =
    "https://spool.example/callbacks/0123456789abcdef0123456789abcdef";

/// In the words of one of the upstream's families, true or not.
std::string body_about(const std::string& task, Dice& dice) {
    const std::vector<std::string> states{"success", "failed", "processing", "expired", "Mystery"};
    const std::string state = dice.pick(states);
    switch (dice.below(3)) {
        case 0:
            return R"({"task":{"id":")" + task + R"(","status":")" + state + R"("}})";
        case 1:
            return R"({"id":")" + task + R"(","status":")" + state + R"("})";
        default:
            return R"({"task_id":")" + task + R"(","file_id":"1","status":")" + state + R"("})";
    }
}

/// Each upstream has its own names for it.
std::string task_in(const std::string& body) {
    const std::string task = proto::useapi_provider().read_callback(body).task;
    return task.empty() ? proto::minimax_provider().read_callback(body).task : task;
}

}  // namespace

Caller::Caller(const CallbackWay& way, Oracle& oracle, std::uint64_t seed)
    : way_(way), oracle_(oracle), dice_(seed) {}

std::optional<Instant> Caller::next() const {
    if (calls_.empty()) return std::nullopt;
    return calls_.begin()->first;
}

void Caller::promise(simulator::Callbacks plan, Duration answer, Instant now) {
    const JobBook* const buyer = oracle_.find(oracle_.on_the_wire());
    if (buyer != nullptr) urls_[buyer->account] = plan.url;
    const Instant at = plan.early ? now : now + answer + dice_.span(1s);
    Call call;
    call.url = plan.url;
    call.body = R"({"challenge":")" + plan.challenge + R"("})";
    call.plan = std::make_shared<simulator::Callbacks>(std::move(plan));
    calls_.emplace(at, std::move(call));
}

/// The address has met its challenge.
void Caller::begin(const simulator::Callbacks& plan, Instant now) {
    for (const simulator::CallbackUpdate& each : plan.updates)
        update(plan, each, now);
}

void Caller::update(const simulator::Callbacks& plan, const simulator::CallbackUpdate& update,
                    Instant now) {
    if (dice_.chance(way_.lost)) return;
    Instant at = now + update.after;
    if (dice_.chance(way_.hasty)) at = now;
    if (dice_.chance(way_.late)) at += dice_.span(dice_.chance(30) ? Duration(3h) : Duration(5min));
    const std::string task = task_in(update.body);
    const Call call{plan.url, update.body, task, false, nullptr};
    said_[task] = call;
    for (std::uint64_t times = dice_.chance(way_.again) ? 2 + dice_.below(10) : 1; times > 0;
         --times) {
        calls_.emplace(at, call);
        at += dice_.span(1s);
    }
}

void Caller::call(Process* process, Instant now) {
    const auto first = calls_.begin();
    Call call = std::move(first->second);
    calls_.erase(first);
    if (process == nullptr || process->stopping()) return;
    if (!call.task.empty()) oracle_.called_back(call.task, call.forged);
    const bool nowhere = call.url == nobodys_url;
    std::string url = call.url;
    std::string body = call.body;
    process->call_back(std::move(url), std::move(body),
                       [this, now, nowhere, call = std::move(call)](const daemon::Reply& reply) {
                           if (nowhere && reply.status != 404)
                               oracle_.broke("a callback was heard at an address of nobody's");
                           const bool met = reply.status == 200 && reply.body == call.body;
                           if (call.plan && met) begin(*call.plan, now);
                       });
}

/// Rather of one that is under way, or that may be bought once more; any that was bought for it.
const Purchase* Caller::some_task() {
    const bool odd = dice_.chance(40);
    const auto& from = !odd && dice_.chance(60) ? oracle_.active() : oracle_.living();
    if (from.empty()) return nullptr;
    auto near = from.lower_bound({1 + dice_.below(oracle_.newest().value)});
    for (int look = 0; look < (odd ? 100 : 8) && near != from.end(); ++look, ++near) {
        const JobBook& job = *oracle_.find(*near);
        const auto& purchases = job.purchases;
        if (purchases.empty() || purchases.back().tasks.empty()) continue;
        const bool usual = job.state == proto::State::running || proto::is_terminal(job.state);
        if (odd && usual) continue;
        return &(dice_.chance(80) ? purchases.back() : dice_.pick(purchases));
    }
    return nullptr;
}

std::string Caller::some_url() {
    if (urls_.empty() || dice_.chance(10)) return std::string(nobodys_url);
    auto url = urls_.begin();
    std::advance(url, static_cast<std::ptrdiff_t>(dice_.below(urls_.size())));
    return url->second;
}

void Caller::forge(Instant now) {
    Call call;
    call.forged = true;
    const Purchase* const about = some_task();
    if (about != nullptr && said_.contains(about->tasks.front()) && dice_.chance(40)) {
        calls_.emplace(now, said_.at(about->tasks.front()));
        return;
    }
    const std::uint64_t wish = dice_.below(100);
    call.url = some_url();
    call.task = "9" + std::to_string(100'000'000'000 + dice_.below(1'000'000));
    if (about != nullptr && wish < 85) {
        call.task = about->tasks.front();
        // At another account's address it is another's.
        if (wish < 75 && urls_.contains(about->account)) call.url = urls_.at(about->account);
    }
    call.body = body_about(call.task, dice_);
    if (wish >= 97) {
        call.task.clear();
        call.body = "what is this?";
    }
    std::uint64_t times = dice_.chance(6) ? 5 + dice_.below(15) : 1;
    for (Instant at = now; times > 0; --times, at += dice_.span(400ms))
        calls_.emplace(at, call);
}

}  // namespace genspool::simulation
