#include "daemon/hooks/hooks.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "daemon/hooks/command_hook.hpp"
#include "daemon/hooks/otlp_hook.hpp"
#include "daemon/hooks/web_hook.hpp"
#include "daemon/log.hpp"
#include "daemon/queue_calls.hpp"

namespace genspool::daemon::hooks {

namespace asio = boost::asio;

namespace {

constexpr std::size_t notes_counted = 10'000;

/// A CloudEvent's source: where its job can be looked at, if that is known.
std::string source_of(const Config& config) {
    return config.http.url.empty() ? "urn:genspool" : config.http.url;
}

WebHookOptions web_options(const Config::Hooks& hooks, const HookConfig& hook) {
    WebHookOptions options;
    options.url = hook.url;
    options.secrets = hook.secrets.empty() ? hooks.secrets : hook.secrets;
    options.timeout = hook.timeout;
    options.private_hosts = hooks.private_hosts;
    return options;
}

}  // namespace

Hooks::Hooks(asio::any_io_executor executor, queue::Queue& queue, workers::Clock& clock,
             workers::Http& http, const Config& config, const std::string& artifact_root,
             const workers::TaskGroup::OnError& on_error)
    : executor_(std::move(executor)),
      queue_(queue),
      clock_(clock),
      source_(source_of(config)),
      artifact_root_(artifact_root),
      on_error_(on_error) {
    for (const HookConfig& hook : config.hooks.list) {
        Entry entry;
        entry.url = hook.url + hook.otlp;
        entry.command = hook.command;
        if (!hook.command.empty()) {
            entry.hook = std::make_unique<CommandHook>(executor_, clock, hook.command, hook.timeout,
                                                       artifact_root);
        } else if (!hook.otlp.empty()) {
            entry.hook = std::make_unique<OtlpHook>(http, queue, hook.otlp, hook.timeout);
        } else {
            entry.hook = std::make_unique<WebHook>(http, clock, web_options(config.hooks, hook));
        }
        add(std::move(entry), hook.name, hook.tells);
    }
    if (config.hooks.secrets.empty()) return;
    const HookConfig defaults;
    Entry entry;
    entry.hook = std::make_unique<WebHook>(http, clock, web_options(config.hooks, defaults));
    add(std::move(entry), std::string(of_jobs), defaults.tells);
}

void Hooks::add(Entry entry, std::string name, std::set<proto::State> tells) {
    CourierOptions options;
    options.name = std::move(name);
    options.tells = std::move(tells);
    options.source = source_;
    options.artifact_root = artifact_root_;
    entry.courier = std::make_unique<Courier>(executor_, queue_, clock_, *entry.hook,
                                              std::move(options), on_error_);
    entries_.push_back(std::move(entry));
}

void Hooks::start(workers::TaskGroup& group) {
    group.spawn("former hooks", forget_former());
    for (const Entry& entry : entries_)
        entry.courier->start(group);
}

void Hooks::on_events(proto::EventSeq last) {
    for (const Entry& entry : entries_)
        entry.courier->on_events(last);
}

asio::awaitable<void> Hooks::stop() {
    for (const Entry& entry : entries_)
        entry.courier->cut_short();
    for (const Entry& entry : entries_)
        co_await entry.courier->stop();
}

const Hooks::Entry* Hooks::find(std::string_view name) const {
    const auto found =
        std::ranges::find(entries_, name, [](const Entry& entry) { return entry.courier->name(); });
    return found == entries_.end() ? nullptr : &*found;
}

/// Those that are configured no more would keep retention waiting for ever.
asio::awaitable<void> Hooks::forget_former() {
    struct Former {
        std::string cursor;
        std::uint64_t unread = 0;
        std::size_t not_taken = 0;
    };
    std::vector<Former> formers;
    std::set<std::string> present;
    for (const Entry& entry : entries_)
        present.insert(Courier::cursor_of(entry.courier->name()));
    std::function<void(const queue::Reader&)> read = [&](const queue::Reader& reader) {
        for (const std::string& cursor : reader.cursors()) {
            if (!cursor.starts_with(Courier::cursor_prefix) || present.contains(cursor)) continue;
            const auto last = reader.stats().last_event.value;
            formers.push_back({cursor, last - reader.cursor(cursor).value,
                               reader.event_notes(cursor, {}, notes_counted).size()});
        }
    };
    co_await look(queue_, std::move(read));
    for (Former& former : formers) {
        log(former.not_taken > 0 ? Level::warn : Level::info, "hook_forgotten",
            {{"cursor", former.cursor},
             {"events_not_read", std::to_string(former.unread)},
             {"not_taken", std::to_string(former.not_taken)}});
        queue::DropCursor drop;
        drop.cursor = std::move(former.cursor);
        co_await ask(queue_, std::move(drop));
    }
}

}  // namespace genspool::daemon::hooks
