#include "daemon/daemon.hpp"

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <functional>
#include <future>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "daemon/admission.hpp"
#include "daemon/api.hpp"
#include "daemon/backup.hpp"
#include "daemon/callback_listener.hpp"
#include "daemon/commit_feed.hpp"
#include "daemon/commit_relay.hpp"
#include "daemon/descriptors.hpp"
#include "daemon/gateway/gateway.hpp"
#include "daemon/hooks/hooks.hpp"
#include "daemon/inbox.hpp"
#include "daemon/job_waits.hpp"
#include "daemon/listener.hpp"
#include "daemon/log.hpp"
#include "daemon/on_cpu_word.hpp"
#include "daemon/paced_queue.hpp"
#include "daemon/reload.hpp"
#include "daemon/results.hpp"
#include "daemon/router.hpp"
#include "daemon/server.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/service_status.hpp"
#include "daemon/setup.hpp"
#include "daemon/state_directory.hpp"
#include "daemon/state_secret.hpp"
#include "daemon/store_probe.hpp"
#include "daemon/tcp_listener.hpp"
#include "daemon/watchdog.hpp"
#include "queue/rocksdb_queue.hpp"
#include "workers/blob_store.hpp"
#include "workers/engine.hpp"
#include "workers/file_pool.hpp"
#include "workers/http_client.hpp"
#include "workers/local_files.hpp"
#include "workers/queue_line.hpp"
#include "workers/real_clock.hpp"
#include "workers/remote_calls.hpp"
#include "workers/task_group.hpp"

namespace genspool::daemon {

namespace asio = boost::asio;

namespace {

constexpr int exit_store_failed = 75;  // EX_TEMPFAIL: a restart may find a better disk

/// Nobody knows what is on the disk now; the next start reads it.
void end_process(const std::string& why) {
    log(Level::error, "store_failed", {{"error", why}});
    std::_Exit(exit_store_failed);
}

void log_task(std::string_view name, const std::exception_ptr& error) {
    std::string what = "unknown";
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& thrown) {
        what = thrown.what();
    }
    log(Level::error, "task_failed", {{"task", std::string(name)}, {"error", what}});
}

queue::Stats stats_of(queue::Queue& queue) {
    std::promise<queue::Stats> stats;
    auto future = stats.get_future();
    queue.read([&stats](const queue::Reader& reader) { stats.set_value(reader.stats()); });
    return future.get();
}

void say_if_set_back(const queue::Stats& stats) {
    if (!stats.setback) return;
    log(Level::warn, "setback",
        {{"why", std::string(to_string(stats.setback->why))},
         {"reason", stats.paused_reason},
         {"doubtful", std::to_string(stats.setback->doubtful)},
         {"effect", "nothing is bought until genspool resume; genspool ls --doubtful lists them"}});
}

std::unique_ptr<TcpListener> tcp_listener(const asio::any_io_executor& executor,
                                          const Config& config, const StateDirectory& state,
                                          const gateway::Links& links,
                                          const workers::Clock& clock) {
    if (config.http.listen.empty()) return nullptr;
    return std::make_unique<TcpListener>(
        executor, config.http,
        state_secret(state.sign_in_secret(), "browsers have to sign in again"), clock,
        [&](const Request& request) { return links.open(request, clock.now()); });
}

std::unique_ptr<CallbackListener> callback_listener(const asio::any_io_executor& executor,
                                                    workers::Clock& clock, workers::QueueLine& line,
                                                    const proto::Registry& registry,
                                                    const Config& config) {
    if (config.callbacks.listen.empty()) return nullptr;
    return std::make_unique<CallbackListener>(executor, clock, line, registry, config.callbacks);
}

std::string callback_secret_of(const Config& config, const StateDirectory& state) {
    if (config.callbacks.listen.empty()) return {};
    return state_secret(state.callback_secret(),
                        "callbacks for the tasks under way are not heard any more");
}

std::vector<Door> doors(Listener& listener, TcpListener* tcp) {
    std::vector<Door> all = {listener.door()};
    if (tcp != nullptr) all.push_back(tcp->door());
    return all;
}

std::uint32_t connections_max(const Config& config, std::size_t doors) {
    const std::uint64_t descriptors = raise_descriptor_limit();
    const std::uint32_t most =
        connections_within(descriptors, doors, config.limits.connections_max);
    if (most < config.limits.connections_max)
        log(Level::warn, "few_descriptors",
            {{"descriptors", std::to_string(descriptors)},
             {"connections", std::to_string(most)},
             {"wanted", std::to_string(config.limits.connections_max)},
             {"missing", "a higher limit of open files (LimitNOFILE=)"}});
    return most;
}

ServerOptions server_options(const Config& config, AdminGroup admins, std::size_t doors) {
    ServerOptions options;
    options.session.body_bytes_max = config.limits.body_bytes_max;
    options.connections_max = connections_max(config, doors);
    options.held_bytes_max = config.limits.held_bytes_max;
    options.admins = admins;
    return options;
}

workers::EngineParts engine_parts(queue::Queue& queue, workers::Http& http, workers::Clock& clock,
                                  workers::Files& files, const proto::Registry& registry,
                                  const Config& config, const OnCpuWord& on_cpu) {
    return {queue,
            http,
            clock,
            files,
            registry,
            engine_options(config),
            std::random_device()(),
            on_cpu.word(),
            [](const std::string& line) { log(Level::warn, "engine", {{"what", line}}); }};
}

}  // namespace

/// In the order of making; the queue's thread ends first, so that it finds everybody it calls.
struct Daemon::Parts {
    Parts(asio::io_context& io, const Config& given, const proto::Registry& registry,
          AdminGroup admins);
    ~Parts() { queue.reset(); }

    /// Those of the configuration, from now on; `accounts` has their keys.
    void set_accounts(const std::shared_ptr<const workers::Accounts>& accounts);
    /// What requests of this principal's work with.
    Api& api_of(const std::string& principal);
    /// Keeps the service manager informed.
    void report();

    asio::any_io_executor executor;
    Config config;
    StateDirectory state;
    const std::string key_salt;         ///< read once, as the next is: a reload reads no file
    const std::string callback_secret;  ///< empty: no callbacks
    OnCpuWord on_cpu;
    std::unique_ptr<queue::RocksQueue> queue;
    workers::RealClock clock;
    workers::FilePool pool;
    workers::LocalFiles files;
    workers::LocalRoot artifacts;
    workers::HttpClient http;
    Admission admission;
    PacedQueue reads;
    workers::QueueLine line;
    workers::BlobStore blobs;
    workers::RemoteCalls remote;
    const proto::Registry& providers;
    CommitFeed feed;
    JobWaits waits;
    gateway::Gateway gateway;
    workers::Engine engine;
    ResultWriter results;
    hooks::Hooks hooks;
    Backup backup;
    Inbox inbox;
    CommitRelay relay;
    const proto::Instant started_at;
    StatusFacts facts;
    ServiceStatus status;
    std::optional<Watchdog> watchdog;  ///< nullopt: nobody watches
    std::map<std::string, Api> apis;   ///< by principal: as many as there are users and tokens
    Listener listener;
    std::unique_ptr<TcpListener> tcp;             ///< null: not configured
    std::unique_ptr<CallbackListener> callbacks;  ///< null: not configured
    Server server;
    workers::TaskGroup tasks;
    workers::TaskGroup chores;
    workers::TaskGroup stops;  ///< the parts' ends, which go on side by side
};

Daemon::Parts::Parts(asio::io_context& io, const Config& given, const proto::Registry& registry,
                     AdminGroup admins)
    : executor(io.get_executor()),
      config(given),
      state(config.daemon.state_dir),
      key_salt(state_secret(state.key_salt(), "all keys count as changed")),
      callback_secret(callback_secret_of(config, state)),
      on_cpu(state.on_cpu()),
      queue(queue::RocksQueue::open(state.db(), queue_options(config, registry), end_process)),
      clock(executor, queue->opened_at()),
      files(pool, state.path(), {}),
      artifacts(state.artifacts(), workers::Resolve::automatic),
      http(executor, {}),
      admission(registry, config),
      reads(executor, *queue),
      line(executor, *queue),
      blobs(executor, line, clock, files),
      remote(executor, http, log_task),
      providers(registry),
      feed(executor, stats_of(*queue).last_event),
      waits(executor, *queue, feed),
      gateway(state_secret(state.link_secret(), "links to files are void"), files),
      engine(executor, engine_parts(*queue, http, clock, files, registry, config, on_cpu)),
      results(executor, *queue, clock, pool, results_options(state)),
      hooks(executor, *queue, clock, http, config, state.artifacts(), log_task),
      backup(*queue, engine, results, pool, state, config.disk.reserve_bytes),
      inbox(executor, *queue, clock, pool, admission, blobs, inbox_options(config)),
      relay(executor,
            [this](proto::EventSeq last, bool work) {
                if (work) engine.wake();
                results.on_events(last);
                hooks.on_events(last);
            }),
      started_at(clock.now()),
      status(*queue, clock, facts),
      listener(executor, config.daemon.socket, config.http.hosts),
      tcp(tcp_listener(executor, config, state, gateway.links, clock)),
      callbacks(callback_listener(executor, clock, line, registry, config)),
      server(executor, clock, doors(listener, tcp.get()),
             server_options(config, admins, (tcp ? 2U : 1U) + (callbacks ? 1U : 0U)),
             [this](Request& request) { return route(api_of(request.caller.principal), request); }),
      tasks(executor, log_task),
      chores(executor, log_task),
      stops(executor, log_task) {
    queue->on_commit([this](proto::EventSeq last, bool work) {
        feed.committed(last);
        relay.committed(last, work);
    });
}

void Daemon::Parts::set_accounts(const std::shared_ptr<const workers::Accounts>& accounts) {
    facts.accounts = config.accounts.size();
    engine.set_accounts(accounts);
    remote.set_accounts(accounts);
    if (callbacks) callbacks->set_accounts(accounts);
}

Api& Daemon::Parts::api_of(const std::string& principal) {
    const auto known = apis.find(principal);
    if (known != apis.end()) return known->second;
    const Api api{config,
                  admission,
                  reads.of(principal),
                  line,
                  clock,
                  feed,
                  waits,
                  pool,
                  blobs,
                  remote,
                  providers,
                  artifacts,
                  state.artifacts(),
                  started_at,
                  facts.stopping,
                  &backup,
                  &gateway,
                  tcp ? &tcp->sign_ins() : nullptr,
                  &hooks};
    return apis.emplace(principal, api).first->second;
}

void Daemon::Parts::report() {
    chores.spawn("status", status.run());
    const auto pace = service_manager::watchdog_pace();
    if (!pace) return;
    watchdog.emplace(
        clock, *pace, [this] { return probe_store(*queue, line); }, service_manager::feed_watchdog);
    watchdog->start(chores);
}

Daemon::Daemon(asio::io_context& io, const Config& config, const proto::Registry& registry,
               AdminGroup admins)
    : parts_(std::make_unique<Parts>(io, config, registry, admins)) {}

Daemon::~Daemon() = default;

asio::awaitable<void> Daemon::reload(const Config& fresh) {
    Parts& parts = *parts_;
    Reload reload = plan_reload(parts.config, fresh);
    // All is there before any of it counts.
    queue::Command command = queue_setup(reload.config, parts.key_salt);
    const auto accounts = accounts_of(reload.config, parts.callback_secret);
    parts.config = std::move(reload.config);
    // What was claimed for an account that is gone is put back when it finds that out.
    parts.set_accounts(accounts);
    parts.admission.configure(parts.config);
    co_await parts.line.ask(std::move(command));
    parts.engine.wake();
    log(Level::info, "reloaded", {{"accounts", std::to_string(parts.config.accounts.size())}});
    std::string names;
    for (const std::string& name : reload.later)
        names += (names.empty() ? "" : ", ") + name;
    if (!names.empty()) log(Level::warn, "restart_needed", {{"settings", names}});
    parts.facts.notice = names.empty() ? "" : "a restart is needed for " + names;
    co_await parts.status.tell();
}

asio::awaitable<void> Daemon::reload_refused(std::string why) {
    parts_->facts.notice = "the last reload was refused: " + why;
    co_await parts_->status.tell();
}

asio::awaitable<void> Daemon::start() {
    Parts& parts = *parts_;
    say_if_set_back(stats_of(*parts.queue));
    if (const proto::JobSeq suspect = parts.on_cpu.before()) {
        log(Level::warn, "died_at_work", {{"job_seq", std::to_string(suspect.value)}});
        queue::Blame blame;
        blame.job = suspect;
        queue::Command command = blame;
        co_await parts.line.ask(std::move(command));
    }
    queue::Command command = queue_setup(parts.config, parts.key_salt);
    co_await parts.line.ask(std::move(command));
    parts.set_accounts(accounts_of(parts.config, parts.callback_secret));
    // Before the first paid request: the upstream may call before it answers.
    if (parts.callbacks) parts.callbacks->start();
    parts.engine.start();
    parts.engine.wake();
    parts.results.start(parts.tasks);
    parts.hooks.start(parts.tasks);
    if (parts.config.inbox.enabled) parts.inbox.start(parts.tasks);
    parts.tasks.spawn("job_waits", parts.waits.run());
    parts.chores.spawn("blobs", parts.blobs.run());
    parts.chores.spawn("uploads", parts.gateway.uploads.run(parts.line, parts.clock));
    parts.report();
    parts.server.start();
}

asio::awaitable<void> Daemon::stop() {
    Parts& parts = *parts_;
    parts.chores.spawn("time", service_manager::ask_for_time(parts.clock));
    // The engine first: it buys nothing from here on, however long a client keeps the server busy.
    // While it waits for the wire, whoever wants to know can look.
    parts.facts.stopping = true;
    parts.chores.spawn("status at a stop", parts.status.tell());
    parts.stops.spawn("drain", parts.engine.drain(parts.config.daemon.drain));
    parts.stops.spawn("inbox stop", parts.inbox.stop());
    co_await parts.stops.join();
    parts.feed.close();
    parts.waits.close();
    co_await parts.server.stop();
    if (parts.callbacks) co_await parts.callbacks->end();
    co_await parts.remote.stop();
    co_await parts.results.stop();
    co_await parts.hooks.stop();
    co_await parts.tasks.join();
    parts.chores.cancel_all();
    co_await parts.chores.join();
}

std::optional<std::uint16_t> Daemon::http_port() const {
    if (!parts_->tcp) return std::nullopt;
    return parts_->tcp->port();
}

void Daemon::cut_short() {
    parts_->engine.cut_short();
    parts_->server.cut_short();
    if (parts_->callbacks) parts_->callbacks->cut_short();
}

}  // namespace genspool::daemon
