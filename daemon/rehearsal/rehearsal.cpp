#include "daemon/rehearsal/rehearsal.hpp"

#include <algorithm>
#include <set>

#include "daemon/setup.hpp"

namespace genspool::daemon {

using proto::State;
using queue::WorkKind;

namespace {

constexpr std::chrono::hours always{24 * 365 * 100};
/// If nothing has happened for so long, two days have begun with their budgets, to no avail.
constexpr std::chrono::hours two_days{49};
/// A moment that a job waits for is waited for as well, up to here.
constexpr std::chrono::hours a_year{24 * 366};
constexpr std::size_t jobs_told = 5;
constexpr std::size_t refused_at_once = 1'000;

queue::StoreOptions in_memory() {
    queue::StoreOptions options;
    options.path = "/rehearsal";
    options.in_memory = true;
    return options;
}

/// As the daemon's, but for what an empty queue that ends with its batch needs not.
queue::QueueOptions patient_options(const Config& config, const proto::Registry& registry) {
    queue::QueueOptions options = queue_options(config, registry);
    options.ballast_bytes = 0;
    options.retain_jobs = options.retain_events = always;
    options.retain_idempotency = options.retain_blobs = always;
    options.retain_jobs_max = UINT64_MAX;
    return options;
}

std::size_t at(WorkKind kind) {
    return static_cast<std::size_t>(kind);
}

}  // namespace

Rehearsal::Rehearsal(const Config& config, const proto::Registry& registry,
                     RehearsalOptions options)
    : engine_(engine_options(config)),
      options_(std::move(options)),
      store_(in_memory()),
      random_(options_.seed),
      core_(store_, patient_options(config, registry), options_.start, random_),
      upstream_(registry, accounts_of(config), options_.times, random_.next()),
      course_(config),
      now_(options_.start),
      moved_at_(options_.start) {
    queue::OpenBatch open;
    open.budget = options_.budget;
    const auto answers = turn({queue_setup(config, "rehearsal"), std::move(open)});
    batch_ = std::get<queue::BatchOpened>(answers.back().body).batch;
}

std::vector<queue::Answer> Rehearsal::turn(const std::vector<queue::Command>& commands) {
    last_turn_ = core_.execute(commands, now_, random_);
    return std::move(last_turn_.answers);
}

void Rehearsal::add(JudgedLines lines) {
    std::vector<queue::Command> commands(lines.files.begin(), lines.files.end());
    if (!commands.empty()) turn(commands);
    const std::uint64_t first = core_.memory().counters.next_job;
    queue::AdmitChunk chunk{batch_, lines.jobs, std::move(lines.refused), {}};
    const auto answers = turn({std::move(chunk)});
    if (answers.front().errc != queue::Errc::ok) throw NoBatch(answers.front().detail);
    std::set<std::uint64_t> refused;
    const auto& admitted = std::get<queue::ChunkAdmitted>(answers.front().body);
    for (const queue::RefusedLine& line : admitted.refused)
        refused.insert(line.line);
    std::uint64_t next = first;
    for (const auto& [line, job] : lines.jobs) {
        if (!refused.contains(line)) course_.admitted({next++}, line, job, now_);
    }
    jobs_ += next - first;
}

void Rehearsal::run() {
    const auto answers = turn({queue::Seal{batch_, {}}});
    if (answers.front().errc != queue::Errc::ok) throw NoBatch(answers.front().detail);
    proto::EventSeq seen;
    while (true) {
        end_steps();
        while (last_turn_.wake_at <= now_)
            turn({queue::Tick{}});
        claim();
        if (last_turn_.last_event != seen || !steps_.empty()) moved_at_ = now_;
        seen = last_turn_.last_event;
        course_.look(core_);
        proto::Instant next = last_turn_.wake_at;
        if (!steps_.empty()) next = std::min(next, steps_.top().at);
        if (is_over(next)) return;
        now_ = std::max(now_, next);
    }
}

void Rehearsal::begin(std::shared_ptr<queue::Work> work) {
    StepEnd end = upstream_.step(*work, now_);
    steps_.push({std::max(end.at, now_), ++steps_begun_, std::move(work), std::move(end.reports)});
}

/// Those that are due, in one turn, as they would meet in the queue's mailbox.
void Rehearsal::end_steps() {
    std::vector<Step> ended;
    std::vector<queue::Command> commands;
    while (!steps_.empty() && steps_.top().at <= now_) {
        ended.push_back(steps_.top());
        steps_.pop();
        const proto::JobRecord& record = ended.back().work->record;
        for (const queue::Report& report : ended.back().reports)
            commands.emplace_back(queue::Advance{record.seq, record.send, record.state, report});
    }
    if (ended.empty()) return;
    const auto answers = turn(commands);
    std::size_t answered = 0;
    for (Step& step : ended) {
        answered += step.reports.size();
        const auto* const changed = std::get_if<queue::Changed>(&answers[answered - 1].body);
        const bool goes_on = std::holds_alternative<queue::Prepared>(step.reports.back()) &&
                             changed != nullptr && changed->state == State::submitting;
        if (goes_on) {
            step.work->record.state = State::submitting;
            begin(std::move(step.work));
        } else {
            --busy_[at(step.work->kind)];
        }
    }
}

std::uint32_t Rehearsal::hands(WorkKind kind, std::uint32_t most) const {
    return most - std::min(most, busy_[at(kind)]);
}

/// Whatever there are hands for, as the engine's dispatcher has them.
void Rehearsal::claim() {
    while (last_turn_.work) {
        queue::Claim wish;
        wish.fetches = hands(WorkKind::fetch, engine_.fetch_workers_max);
        wish.polls = hands(WorkKind::poll, engine_.poll_workers_max);
        wish.submits = hands(WorkKind::submit, engine_.submit_workers_max);
        auto answers = turn({wish});
        auto& work = std::get<queue::Claimed>(answers.front().body).work;
        if (work.empty()) return;
        for (queue::Work& each : work) {
            ++busy_[at(each.kind)];
            begin(std::make_shared<queue::Work>(std::move(each)));
        }
    }
}

bool Rehearsal::is_over(proto::Instant next) const {
    if (!steps_.empty()) return false;
    const auto& by_state = core_.memory().by_state;
    std::uint64_t open = 0;
    for (std::size_t state = 1; state < by_state.size(); ++state) {
        if (!proto::is_terminal(static_cast<State>(state))) open += by_state[state];
    }
    if (open == 0 || next == proto::never) return true;
    proto::Instant patience = moved_at_ + two_days;
    const proto::Instant due = core_.memory().agenda.next();
    if (due < options_.start + a_year) patience = std::max(patience, due);
    return next > patience;
}

std::vector<Stopped> Rehearsal::stopped(const queue::Reader& reader) const {
    std::map<std::pair<bool, std::string>, Stopped> reasons;
    for (const auto& [job, state] : course_.stopped()) {
        std::string reason = "waiting";
        std::string detail;
        std::string account;
        const auto view = reader.find(job);
        const bool failed = proto::is_terminal(state);
        if (failed && view && view->record.failure) {
            reason = view->record.failure->code;
            detail = view->record.failure->message;
        } else if (const auto why = reader.explain(job); !failed && why && !why->gates.empty()) {
            reason = why->gates.front().name;
            detail = why->gates.front().detail;
            account = why->gates.front().account;
        }
        // Who it waited for has a name here that nobody else knows.
        if (reason == "dependency") detail = "it comes after a job that does not succeed";
        Stopped& all = reasons.try_emplace({failed, reason + " " + account}).first->second;
        if (++all.jobs == 1) {
            all.failed = failed;
            all.reason = reason;
            all.detail = detail;
        }
        if (all.first.size() < jobs_told) all.first.push_back(course_.place_of(job));
    }
    std::vector<Stopped> stopped;
    for (auto& [key, all] : reasons)
        stopped.push_back(std::move(all));
    return stopped;
}

RehearsalReport Rehearsal::report() const {
    const queue::CoreReader reader(core_);
    RehearsalReport report;
    report.starts_at = options_.start;
    const proto::Instant end = course_.ended_at();
    if (end != proto::Instant{}) report.ends_at = end;
    report.jobs = jobs_;
    report.succeeded = core_.memory().by_state[static_cast<std::size_t>(State::succeeded)];
    std::size_t read = 0;
    do {
        const std::uint64_t after = report.refused.empty() ? 0 : report.refused.back().line;
        auto lines = reader.refused_lines(batch_, after, refused_at_once);
        read = lines.size();
        std::ranges::move(lines, std::back_inserter(report.refused));
    } while (read == refused_at_once);
    for (const queue::LedgerTotal& total : reader.ledger_totals({}, SIZE_MAX).totals) {
        if (total.unit != proto::Unit::none) report.spent[total.unit] += total.spent;
    }
    report.unpriced = course_.unpriced();
    report.uses = course_.uses();
    if (report.ends_at) report.bottleneck = course_.bottleneck(reader, end - options_.start);
    report.stopped = stopped(reader);
    report.times = upstream_.used();
    return report;
}

}  // namespace genspool::daemon
