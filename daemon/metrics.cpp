#include "daemon/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "daemon/account_text.hpp"
#include "proto/build.hpp"

namespace genspool::daemon {

namespace {

using prometheus::MetricType;

using Labels = std::vector<std::pair<std::string, std::string>>;

/// The families, in the order in which they are begun.
class Page {
public:
    void gauge(const char* name, const char* help) { begin(name, help, MetricType::Gauge); }
    void counter(const char* name, const char* help) { begin(name, help, MetricType::Counter); }

    /// A series of the family begun last.
    void add(double value, const Labels& labels = {}) {
        prometheus::MetricFamily& family = families_.back();
        prometheus::ClientMetric metric;
        for (const auto& [label, text] : labels)
            metric.label.push_back({label, text});
        metric.gauge.value = value;
        metric.counter.value = value;
        family.metric.push_back(std::move(metric));
    }
    void add(std::uint64_t value, const Labels& labels = {}) {
        add(static_cast<double>(value), labels);
    }

    /// A gauge or counter of one series.
    void single(const char* name, const char* help, MetricType type, double value) {
        begin(name, help, type);
        add(value);
    }

    std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

private:
    void begin(const char* name, const char* help, MetricType type) {
        prometheus::MetricFamily family;
        family.name = name;
        family.help = help;
        family.type = type;
        families_.push_back(std::move(family));
    }

    std::vector<prometheus::MetricFamily> families_;
};

double seconds_of(proto::Duration span) {
    return std::chrono::duration<double>(span).count();
}

double seconds_of(proto::Instant at) {
    return seconds_of(at.time_since_epoch());
}

double amount_of(proto::Micros micros) {
    return static_cast<double>(micros) / 1e6;
}

std::string text(std::string_view view) {
    return std::string(view);
}

std::string state_name(std::size_t state) {
    return text(proto::to_string(static_cast<proto::State>(state)));
}

void write_jobs(Page& page, const Figures& figures) {
    page.gauge("genspool_jobs", "Jobs in each state.");
    for (std::size_t state = 1; state < proto::state_count; ++state)
        page.add(figures.stats.by_state[state], {{"state", state_name(state)}});
    page.gauge("genspool_oldest_job_age_seconds",
               "How long ago the oldest job in each state was admitted; 0 where there is none.");
    for (std::size_t state = 1; state < proto::state_count; ++state) {
        if (proto::is_terminal(static_cast<proto::State>(state))) continue;
        const auto& oldest = figures.oldest.at(state);
        page.add(oldest ? seconds_of(figures.now - *oldest) : 0.0, {{"state", state_name(state)}});
    }
    page.counter("genspool_transitions_total", "How often jobs came to each state.");
    for (std::size_t state = 1; state < proto::state_count; ++state)
        page.add(figures.stats.entered[state], {{"state", state_name(state)}});
}

void write_queue(Page& page, const queue::Stats& stats) {
    page.single("genspool_queue_paused", "1 while nothing is bought because somebody said so.",
                MetricType::Gauge, stats.paused ? 1 : 0);
    page.single("genspool_disk_gate",
                "0 open; 1 nothing is bought, 2 nothing is fetched, 3 nothing is taken in, because "
                "the disk is full.",
                MetricType::Gauge, static_cast<double>(stats.disk));
    page.single("genspool_commits_total", "Synced commits of the queue.", MetricType::Counter,
                static_cast<double>(stats.commits));
    page.single("genspool_commands_total", "Commands that the queue has taken.",
                MetricType::Counter, static_cast<double>(stats.commands));
    page.single("genspool_last_event", "The number of the newest event in the log.",
                MetricType::Gauge, static_cast<double>(stats.last_event.value));
    page.gauge("genspool_budget_limit", "What all accounts may spend together on this UTC day.");
    for (const queue::BudgetView& budget : stats.budgets)
        page.add(amount_of(budget.limit), {{"unit", text(proto::to_string(budget.unit))}});
    page.gauge("genspool_budget_used", "Of that: spent, reserved or uncertain.");
    for (const queue::BudgetView& budget : stats.budgets)
        page.add(amount_of(budget.used), {{"unit", text(proto::to_string(budget.unit))}});
}

/// One family over the slot classes of all accounts.
template <class Value>
void write_slots(Page& page, const std::vector<queue::AccountView>& accounts, const char* name,
                 const char* help, Value value) {
    page.gauge(name, help);
    for (const queue::AccountView& account : accounts)
        for (const queue::ClassUse& use : account.classes)
            page.add(static_cast<double>(value(use)),
                     {{"account", account.name}, {"class", use.slot_class}});
}

/// One family over the accounts' money of this day.
template <class Value>
void write_money(Page& page, const std::vector<queue::AccountView>& accounts, const char* name,
                 const char* help, Value value) {
    page.gauge(name, help);
    for (const queue::AccountView& account : accounts) {
        const bool known = account.unit != proto::Unit::none;
        const proto::Unit unit = known ? account.unit : account.spent_today.unit;
        page.add(amount_of(value(account)),
                 {{"account", account.name}, {"unit", text(proto::to_string(unit))}});
    }
}

/// One that was taken out of the configuration is remembered for ever, but is of interest only
/// while something of its is upstream.
bool is_in_use(const queue::AccountView& account) {
    return account.configured ||
           std::ranges::any_of(account.classes, [](const auto& use) { return use.taken > 0; });
}

bool is_open(const queue::AccountView& account, proto::Instant now) {
    const std::string_view health = health_of(account, now);
    return health == "ok" || health == "limited";
}

void write_accounts(Page& page, const std::vector<queue::AccountView>& known, proto::Instant now) {
    std::vector<queue::AccountView> accounts;
    std::ranges::copy_if(known, std::back_inserter(accounts), is_in_use);
    using queue::AccountView;
    using queue::ClassUse;
    page.gauge("genspool_account_open",
               "1 where the account may be bought from; 0 where it is paused, broken, missing in "
               "the configuration, or quarantined as a whole.");
    for (const AccountView& account : accounts)
        page.add(is_open(account, now) ? 1.0 : 0.0,
                 {{"account", account.name}, {"provider", account.provider}});
    page.gauge("genspool_account_quarantines", "Quarantines of the account or parts of it.");
    for (const AccountView& account : accounts)
        page.add(account.quarantines.size(), {{"account", account.name}});
    write_slots(page, accounts, "genspool_account_slots_taken", "Slots that are taken.",
                [](const ClassUse& use) { return use.taken; });
    write_slots(page, accounts, "genspool_account_slots_held",
                "Of those taken: kept for jobs that are held or unknown.",
                [](const ClassUse& use) { return use.held; });
    write_slots(page, accounts, "genspool_account_slots_limit",
                "Slots that there are now; fewer than configured where the upstream took no more.",
                [](const ClassUse& use) { return use.limit_now; });
    write_money(page, accounts, "genspool_account_spent_today", "Spent on this UTC day.",
                [](const AccountView& account) { return account.spent_today.amount; });
    write_money(page, accounts, "genspool_account_reserved_today",
                "Reserved for purchases that are under way.",
                [](const AccountView& account) { return account.reserved_today; });
    write_money(page, accounts, "genspool_account_uncertain_today",
                "Perhaps spent on this UTC day: nobody knows whether it was bought.",
                [](const AccountView& account) { return account.uncertain_today; });
}

void write_hooks(Page& page, const std::vector<HookFigures>& hooks) {
    page.gauge("genspool_hook_waiting", "Events that wait for another attempt to be told.");
    for (const HookFigures& hook : hooks)
        page.add(hook.waiting, {{"hook", hook.name}});
    page.gauge("genspool_hook_behind", "Events of the log that the hook has not been told of yet.");
    for (const HookFigures& hook : hooks)
        page.add(hook.behind, {{"hook", hook.name}});
    page.counter("genspool_hook_taken_total", "Messages that the hook has taken.");
    for (const HookFigures& hook : hooks)
        page.add(hook.taken, {{"hook", hook.name}});
    page.counter("genspool_hook_failures_total", "Attempts to tell the hook that have failed.");
    for (const HookFigures& hook : hooks)
        page.add(hook.failed, {{"hook", hook.name}});
}

void write_process(Page& page, const Figures& figures) {
    const ProcessFigures& process = figures.process;
    page.single("process_start_time_seconds", "When the daemon started, since 1970.",
                MetricType::Gauge, seconds_of(figures.started_at));
    page.single("process_cpu_seconds_total", "CPU time, of the user and of the system.",
                MetricType::Counter, process.cpu_seconds);
    page.single("process_resident_memory_bytes", "Resident memory.", MetricType::Gauge,
                static_cast<double>(process.resident_bytes));
    page.single("process_open_fds", "Open descriptors.", MetricType::Gauge,
                static_cast<double>(process.open_descriptors));
    page.single("process_max_fds", "Descriptors that may be open.", MetricType::Gauge,
                static_cast<double>(process.descriptors_max));
}

std::uint64_t resident_memory() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    if (!(file >> total >> resident)) return 0;
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t descriptors_in_use() {
    std::error_code error;
    std::uint64_t count = 0;
    for (auto entry = std::filesystem::directory_iterator("/proc/self/fd", error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
        ++count;
    return count;
}

}  // namespace

ProcessFigures ProcessFigures::read() {
    ProcessFigures figures;
    rusage usage{};
    if (getrusage(RUSAGE_SELF, &usage) == 0) {
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
        };
        figures.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    }
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) figures.descriptors_max = limit.rlim_cur;
    figures.resident_bytes = resident_memory();
    figures.open_descriptors = descriptors_in_use();
    return figures;
}

std::string metrics_text(const Figures& figures) {
    Page page;
    page.gauge("genspool_build_info", "1; its version.");
    page.add(1.0, {{"version", text(proto::build().version)}});
    write_jobs(page, figures);
    write_queue(page, figures.stats);
    write_accounts(page, figures.accounts, figures.now);
    write_hooks(page, figures.hooks);
    page.single("genspool_measured_timestamp_seconds", "When these figures were taken, since 1970.",
                MetricType::Gauge, seconds_of(figures.now));
    write_process(page, figures);
    return page.text();
}

}  // namespace genspool::daemon
