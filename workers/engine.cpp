#include "workers/engine.hpp"

#include <exception>
#include <string_view>
#include <utility>

#include "workers/lease.hpp"
#include "workers/step.hpp"

namespace genspool::workers {

namespace asio = boost::asio;

namespace {

TaskGroup::OnError logger(const std::function<void(const std::string&)>& log) {
    return [log](std::string_view name, const std::exception_ptr& error) {
        std::string what = "unknown";
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& thrown) {
            what = thrown.what();
        }
        log("event=task_broken task=" + std::string(name) + " error=\"" + what + "\"");
    };
}

}  // namespace

Engine::Engine(asio::any_io_executor executor, EngineParts parts)
    : clock_(parts.clock),
      options_(parts.options),
      queue_(executor, parts.queue),
      disk_(queue_, parts.clock, parts.files, options_.disk_reserve_bytes, options_.disk_look),
      room_(executor, options_.input_bytes_max),
      list_polls_(executor),
      sweep_(queue_, parts.clock, parts.files),
      parts_(queue_, parts.files),
      tools_{queue_,       parts.http,  parts.clock,    parts.files, disk_,
             room_,        list_polls_, parts.registry, options_,    queue::Random(parts.seed),
             parts.on_cpu, parts.log},
      watch_(tools_),
      dispatcher_(executor, queue_, parts.clock, options_,
                  [this](queue::Work given) { begin(std::move(given)); }),
      claims_(executor, logger(parts.log)),
      paid_(executor, logger(parts.log)),
      others_(executor, logger(parts.log)),
      limits_(executor, logger(parts.log)) {}

void Engine::start() {
    started_ = true;
    others_.spawn("disk watch", disk_.run());
    others_.spawn("account watch", watch_.run());
    others_.spawn("spool sweep", sweep_.run());
    others_.spawn("part sweep", parts_.run());
    claims_.spawn("dispatcher", dispatch());
}

asio::awaitable<void> Engine::dispatch() {
    // To a queue that has not heard of the disk it is roomy: the first claim would buy on a full
    // one.
    try {
        co_await disk_.look();
    } catch (const std::exception& error) {
        tools_.log("event=disk_unseen error=\"" + std::string(error.what()) + "\"");
    }
    co_await dispatcher_.run();
}

void Engine::set_accounts(std::shared_ptr<const Accounts> accounts) {
    tools_.accounts = std::move(accounts);
    if (started_ && !tools_.stopping) others_.spawn("account look", watch_.look());
}

void Engine::begin(queue::Work given) {
    const queue::WorkKind kind = given.kind;
    if (kind == queue::WorkKind::submit) {
        paid_.spawn("submit", work(std::move(given)));
    } else if (tools_.stopping) {
        // The lease ends with the process.
        dispatcher_.finished(kind);
    } else {
        others_.spawn("step", work(std::move(given)));
    }
}

asio::awaitable<void> Engine::work(queue::Work given) {
    const queue::WorkKind kind = given.kind;
    Lease lease(tools_, std::move(given));
    co_await run_step(tools_, lease);
    dispatcher_.finished(kind);
}

asio::awaitable<void> Engine::drain(proto::Duration patience) {
    tools_.stopping = true;
    dispatcher_.stop();
    // What a claim under way brings is started, and put back by its own step.
    co_await claims_.join();
    others_.cancel_all();
    limits_.spawn("drain", cut_at(clock_.now() + patience));
    co_await paid_.join();
    limits_.cancel_all();
    co_await limits_.join();
    co_await others_.join();
}

asio::awaitable<void> Engine::cut_at(proto::Instant due) {
    const bool over = co_await clock_.sleep_until(due);
    if (over) paid_.cancel_all();
}

}  // namespace genspool::workers
