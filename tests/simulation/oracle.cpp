#include "tests/simulation/oracle.hpp"

#include <algorithm>
#include <utility>

#include "daemon/results_note.hpp"
#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/reader.hpp"
#include "queue/rows.hpp"
#include "tests/simulation/refs.hpp"

namespace genspool::simulation {

using proto::Event;
using proto::State;

namespace {

/// A job that is not there yet has this many moments behind it in which faults count as its own.
constexpr std::uint64_t moments_before = 20;

std::size_t row_number(const proto::Transition& row) {
    const auto rows = proto::transitions;
    return static_cast<std::size_t>(std::find(rows.begin(), rows.end(), row) - rows.begin());
}

std::string show(const queue::EventRecord& event) {
    std::string text = "event " + std::to_string(event.seq.value) + ": " + event.id.text() + " " +
                       std::string(proto::to_string(event.from)) + " -" +
                       std::string(proto::to_string(event.event)) + "-> " +
                       std::string(proto::to_string(event.to)) + ", send " +
                       std::to_string(event.send);
    if (!event.account.empty()) text += " at " + event.account;
    if (!event.detail.empty()) text += " (" + event.detail + ")";
    return text;
}

std::string show(const daemon::Config& config) {
    std::string text;
    for (const daemon::AccountConfig& account : config.accounts) {
        text += account.name + " with " + account.api_key.reveal() + ",";
        for (const auto& [slot_class, slots] : account.slots)
            text += " " + slot_class + " " + std::to_string(slots);
        text += "; ";
    }
    return text;
}

/// Whether it comes to an end by itself.
bool is_open(const JobBook& job, State state) {
    if (state == State::queued) return !job.parked;
    return state != State::absent && state != State::held && !proto::is_terminal(state);
}

}  // namespace

std::string place_at(const daemon::AccountConfig& account) {
    return account.key_has_accounts ? account.upstream_account : account.api_key.reveal();
}

std::string voice_in(std::string_view request) {
    constexpr std::string_view name = R"("voice_id":")";
    const std::size_t at = request.find(name);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = request.substr(at + name.size());
    return std::string(rest.substr(0, rest.find('"')));
}

std::string ref_in(std::string_view text) {
    constexpr std::string_view mark = "[[ref:";
    const std::size_t begin = text.find(mark);
    if (begin == std::string_view::npos) return {};
    const std::size_t end = text.find("]]", begin);
    return std::string(text.substr(begin + mark.size(), end - begin - mark.size()));
}

Oracle::Oracle(Options options, Coverage& coverage)
    : options_(std::move(options)),
      coverage_(coverage),
      polls_([this](const std::string& account,
                    const std::string& task) { return owner_of_task(account, task); },
             [this](std::string what) { broke(std::move(what)); }),
      hooks_([this](std::string what) { broke(std::move(what)); }) {}

void Oracle::broke(std::string what) {
    tell("BROKEN " + what);
    broken_.push_back(std::move(what));
}

void Oracle::tell(const std::string& what) const {
    if (options_.trace) options_.trace(what);
}

void Oracle::acknowledged(const proto::JobId& id, const std::string& ref) {
    fresh_.emplace_back(id, ref);
}

void Oracle::sealed(proto::BatchSeq batch, std::uint64_t accepted) {
    fresh_seals_.emplace(batch, accepted);
}

void Oracle::paused(const std::string& account, bool paused) {
    unsure_ = true;
    --asked_[account];
    if (paused) {
        paused_.insert(account);
    } else {
        paused_.erase(account);
    }
    befell(Fault::pause);
}

void Oracle::configured(const daemon::Config& config) {
    unsure_ = true;
    ++configuration_;
    for (const daemon::AccountConfig& account : config.accounts) {
        const std::string known = place_of(account.name);
        const bool changed = !known.empty() && known != place_at(account);
        if (changed) key_changed_[account.name] = ++moment_;
    }
    if (options_.trace) tell("configured: " + show(config));
    // An account that is gone keeps its key, should it come back.
    daemon::Config merged = config;
    for (const daemon::AccountConfig& before : config_.accounts) {
        const bool there = std::any_of(
            config.accounts.begin(), config.accounts.end(),
            [&](const daemon::AccountConfig& account) { return account.name == before.name; });
        if (there) continue;
        merged.accounts.push_back(before);
        merged.accounts.back().slots.clear();
    }
    config_ = std::move(merged);
}

void Oracle::dropped(const std::vector<std::string>& refs) {
    dropped_.insert(refs.begin(), refs.end());
}

void Oracle::mislead(proto::JobSeq job) {
    const auto found = jobs_.find(job);
    if (found != jobs_.end()) found->second.misled = true;
}

void Oracle::befell(Fault fault) {
    last_fault_.at(static_cast<std::size_t>(fault)) = ++moment_;
}

FaultSet Oracle::faults_since(std::uint64_t moment) const {
    FaultSet faults = 0;
    for (std::size_t fault = 0; fault < fault_count; ++fault) {
        if (last_fault_.at(fault) > moment) faults |= set_of(static_cast<Fault>(fault));
    }
    return faults;
}

const JobBook* Oracle::find(proto::JobSeq job) const {
    const auto found = jobs_.find(job);
    return found == jobs_.end() ? nullptr : &found->second;
}

const JobBook* Oracle::find_ref(const std::string& ref) const {
    const auto found = refs_.find(ref);
    return found == refs_.end() ? nullptr : find(found->second);
}

const daemon::AccountConfig* Oracle::account(const std::string& name) const {
    for (const daemon::AccountConfig& account : config_.accounts) {
        if (account.name == name) return &account;
    }
    return nullptr;
}

std::string Oracle::place_of(const std::string& name) const {
    const daemon::AccountConfig* known = account(name);
    return known == nullptr ? std::string() : place_at(*known);
}

proto::Duration Oracle::patience_of(const std::string& op) const {
    for (const queue::QueueOptions::Op& known : options_.queue.ops) {
        if (known.name == op) return known.patience;
    }
    return {};
}

void Oracle::observe(const queue::Core& core, const tests::SimFiles& files) {
    const queue::CoreReader reader(core);
    // By number, which costs less than the reader's walk: this is done after each commit.
    while (last_.value + 1 < core.memory().counters.next_event) {
        const auto bytes = core.store().get(queue::keys::event({last_.value + 1}));
        const auto event = bytes ? queue::decode<queue::EventRecord>(*bytes) : std::nullopt;
        if (!event) return broke("event " + std::to_string(last_.value + 1) + " is not in the log");
        note(*event, reader, files);
        hooks_.note(*event, core);
    }
    for (const auto& [id, ref] : fresh_) {
        const JobBook* job = find(id.seq());
        if (job == nullptr || job->id != id || job->ref != ref)
            broke("job " + id.text() + " was acknowledged and is not in the log");
    }
    fresh_.clear();
    for (const auto& [batch, accepted] : fresh_seals_) {
        const auto known = batches_.find(batch);
        if (known == batches_.end() || known->second != accepted)
            broke("batch " + std::to_string(batch.value) + " was sealed and is not in the log");
    }
    fresh_seals_.clear();
    if (!unsure_) check_budgets(reader);
    bought_.clear();
    found_ = false;
    unsure_ = false;
}

/// The job as it was admitted, from the database.
JobBook* Oracle::open_book(proto::JobSeq job, const queue::CoreReader& reader) {
    const auto view = reader.find(job);
    if (!view) return nullptr;
    JobBook book;
    book.id = view->record.id;
    book.batch = view->record.batch;
    book.ref = ref_in(view->spec.request);
    book.bound = view->spec.account;
    book.op = view->spec.op;
    book.principal = view->spec.principal;
    book.request = view->spec.request;
    book.voice = voice_in(view->spec.request);
    book.not_before = view->spec.not_before;
    book.deadline = view->spec.deadline;
    book.after = view->record.after;
    book.inputs = view->record.inputs;
    const proto::OnUnknown& on_unknown = view->spec.on_unknown;
    const bool cheap = view->spec.quote && view->spec.quote->amount <= on_unknown.up_to;
    book.resubmits = on_unknown.policy == proto::OnUnknown::Policy::resubmit ||
                     (on_unknown.policy == proto::OnUnknown::Policy::resubmit_up_to && cheap);
    book.parked = view->record.max_cost && !view->record.quote;
    for (const queue::QueueOptions::Op& op : options_.queue.ops) {
        if (op.name == book.op) book.slot_class = op.slot_class;
    }
    book.entered = moment_ > moments_before ? moment_ - moments_before : 0;
    const auto [known, fresh] = refs_.emplace(book.ref, job);
    if (!fresh) broke("what was handed in once has become two jobs: " + book.ref);
    known->second = job;
    newest_ = std::max(newest_, job);
    living_.insert(job);
    return &jobs_.insert_or_assign(job, std::move(book)).first->second;
}

void Oracle::note_seal(const queue::EventRecord& event, const queue::CoreReader& reader) {
    std::uint64_t members = 0;
    proto::JobSeq after;
    while (true) {
        const auto jobs = reader.batch_jobs(event.batch, after, 500);
        if (jobs.empty()) break;
        for (const proto::JobSeq job : jobs) {
            after = job;
            ++members;
            JobBook* book = open_book(job, reader);
            if (book == nullptr) return broke("a sealed batch has lost a member");
            // The seal stands for the admission of them all.
            const bool free = book->after.empty();
            const Event admission = free ? Event::admitted : Event::admitted_blocked;
            count_row(*book, *proto::next(State::absent, admission, false));
            book->state = free ? State::queued : State::blocked;
            open_ += is_open(*book, book->state) ? 1 : 0;
            book->entered = moment_;
        }
    }
    batches_.emplace(event.batch, members);
    if (const auto batch = reader.find_batch(event.batch))
        result_names_.emplace(event.batch, daemon::results_name(*batch));
}

void Oracle::note(const queue::EventRecord& event, const queue::CoreReader& reader,
                  const tests::SimFiles& files) {
    ++moment_;
    if (options_.trace) tell(show(event));
    if (event.to == State::submitting && event.from != event.to) bought_.push_back(event);
    found_ = found_ || event.event == Event::adopted;
    if (event.seq.value != last_.value + 1) broke("it stands in another's place: " + show(event));
    last_ = event.seq;
    if (!event.job) return note_seal(event, reader);
    const auto known = jobs_.find(event.job);
    JobBook* job = known == jobs_.end() ? nullptr : &known->second;
    if (event.event == Event::admitted || event.event == Event::admitted_blocked) {
        if (job != nullptr) return broke("admitted twice: " + show(event));
        job = open_book(event.job, reader);
    }
    if (job == nullptr) return broke("an event of a job that was never admitted: " + show(event));
    if (job->id != event.id || job->state != event.from)
        return broke("it does not follow from what was before: " + show(event));
    const auto row = proto::next(event.from, event.event, job->cancel_waits);
    if (!row || row->to != event.to) return broke("no row of the lifecycle: " + show(event));
    const bool claim = event.event == Event::claimed || event.event == Event::claimed_prepare;
    if (event.send != job->send + (claim ? 1 : 0))
        broke("the number of the send is wrong: " + show(event));
    if (claim) check_claim(*job, event);
    check_honest(*job, event);
    check_leave(*job, event);
    check_told(*job, event, reader);
    check_waits(*job, event, reader);
    if (event.event == Event::prepared) {
        check_open(*job, event.account, event.id.text() + " was bought ");
        check_inputs(*job, reader);
    }
    if (event.event == Event::expired) check_expired(*job, event);
    count_row(*job, *row);
    if (event.event != Event::taken) polls_.moved(event.job);
    move(*job, event, *row);
    note_voice(*job, event);
    if (event.event == Event::delivered) check_spooled(*job, event, reader, files);
    if (event.event == Event::ambiguous) check_despaired(*job, event, reader, files);
    const bool fetched = event.event == Event::fetched || event.event == Event::fetched_some;
    if (fetched) check_artifacts(*job, event, reader, files);
}

void Oracle::count_row(const JobBook& job, const proto::Transition& row) {
    ++transitions_;
    coverage_.note(row_number(row), faults_since(job.entered) | job.own_faults);
}

void Oracle::move(JobBook& job, const queue::EventRecord& event, const proto::Transition& row) {
    const State from = job.state;
    const SendKey sent{event.job, event.send};
    job.state = row.to;
    job.send = event.send;
    job.entered = moment_;
    job.own_faults = 0;
    if (event.event == Event::cancel && from == row.to) job.cancel_waits = true;
    if (event.event == Event::prepared) job.sent_at = event.at;
    job.unsent = row.to == State::held && (from == State::preparing || job.unsent);
    // Nothing was sent under that number, so it is used again; and the job is where it was before.
    if (from == State::preparing && row.to != State::submitting) {
        --job.send;
        job.account = job.account_before;
    }
    if (event.event == Event::unblocked || event.event == Event::retry) job.freed = true;
    if (proto::is_terminal(row.to) || row.to == State::queued || row.to == State::canceling)
        job.cancel_waits = false;
    open_ += is_open(job, row.to) ? 1 : 0;
    open_ -= is_open(job, from) ? 1 : 0;
    if (proto::is_terminal(row.to) && from != row.to) {
        job.ended_at = event.at;
        job.end_event = event.seq;
        job.ended_as = row.to;
    }
    if (event.event == Event::claimed || event.event == Event::claimed_prepare) {
        job.account_before = std::exchange(job.account, event.account);
        job.sent_at = event.at;
        job.claimed = moment_;
        const daemon::AccountConfig* at = account(event.account);
        const bool has = at != nullptr && at->slots.contains(job.slot_class);
        job.limit = has ? at->slots.at(job.slot_class) : 0;
        job.configuration = unsure_ ? 0 : configuration_;
    }
    const bool again = event.event == Event::resubmit || event.event == Event::retry ||
                       event.event == Event::proven_absent;
    for (Purchase& purchase : job.purchases)
        purchase.allowed_again = purchase.allowed_again || again;
    const bool person = event.event == Event::retry || event.event == Event::retry_blocked ||
                        event.event == Event::retry_task || event.event == Event::retry_fetch;
    if (person) {
        // At once, whatever was wished before.
        job.deadline.reset();
        job.not_before = {};
        job.retried = true;
    }
    // Nobody knows whether the upstream still works on it: the slot stays until patience is over.
    const bool canceled = event.event == Event::poisoned && row.to == State::canceled;
    if (event.event == Event::given_up || event.event == Event::resubmit || canceled)
        lingering_[sent] = {job.account, job.slot_class, job.sent_at + patience_of(job.op)};
    const bool settled = event.event == Event::adopted || event.event == Event::proven_absent ||
                         event.event == Event::declared_lost;
    if (settled) lingering_.erase(sent);
    // By a person's word the slot is free, whatever the upstream still does; and by the upstream's
    // own, which it gives of every task once its key was changed, though that may come back.
    const bool given = event.event == Event::proven_absent || event.event == Event::declared_lost ||
                       event.event == Event::task_gone;
    if (given) {
        std::erase_if(under_way_, [&](const UnderWay& one) { return one.job == event.job; });
    }
    if (job.state == State::absent && living_.erase(event.job) == 1) departed_.push_back(event.job);
    if (proto::is_active(job.state)) {
        active_.insert(event.job);
    } else {
        active_.erase(event.job);
    }
}

}  // namespace genspool::simulation
