#include "tests/support/queue_world.hpp"

#include <algorithm>

#include "queue/verify.hpp"
#include "tests/support/job_factory.hpp"

namespace genspool::tests {

using namespace queue;
using proto::State;

QueueWorld::QueueWorld(std::uint64_t seed)
    : seed_(seed), random_(seed), disk_(std::make_shared<ForgetfulDisk>()) {
    open();
}

void QueueWorld::broke(std::string what) {
    broken_.push_back("seed " + std::to_string(seed_) + ", after " + std::to_string(transitions_) +
                      " transitions: " + std::move(what));
}

void QueueWorld::open() {
    QueueOptions options = queue_options();
    options.retain_jobs = proto::Duration(6 * 3'600'000);
    options.retain_events = proto::Duration(3 * 3'600'000);
    options.retain_idempotency = proto::Duration(90 * 86'400'000LL);
    options.ops[0].unknown_window = proto::Duration(600'000);  // one op can be searched, one cannot
    queue_ = std::make_unique<InlineQueue>(disk_, options, [this] { return now_; }, random_.next());
    configure();
    ask(Consume{"results", {}, {}});  // from the first day on a reader follows the log
}

void QueueWorld::configure() {
    Configure command;
    command.accounts = {account("main", limit_), account("spare", 1)};
    if (chance(10)) command.accounts.pop_back();
    if (chance(5)) command.accounts[0].key_group = "another key " + std::to_string(roll(3));
    ask(command);
}

Answer QueueWorld::ask(Command command) {
    return std::move(ask_at_once({std::move(command)}).front());
}

std::vector<Answer> QueueWorld::ask_at_once(std::vector<Command> commands) {
    try {
        for (const Command& command : commands) {
            const bool claims = std::holds_alternative<Claim>(command);  // nobody would do its work
            if (!claims && chance(20)) answered_.push_back(command);
        }
        if (answered_.size() > 50) answered_.erase(answered_.begin());
        std::vector<Answer> answers = queue_->ask_at_once(commands);
        queue_->read([&](const Reader& reader) {
            const proto::EventSeq last = reader.stats().last_event;
            transitions_ += last.value - std::min(last.value, last_event_.value);
            last_event_ = last;
        });
        return answers;
    } catch (const StoreFailed&) {
        // What the process does: it ends, and whatever was asked was not answered.
        crash();
        return std::vector<Answer>(commands.size(), Answer{Errc::stale, "crashed", {}});
    }
}

void QueueWorld::crash() {
    const auto before = queue_->core().memory().counters;
    queue_.reset();
    out_.clear();
    answered_.clear();
    ++crashes_;
    const bool machine_too = chance(80);
    if (machine_too) {
        disk_->power_cut(random_.next());
    } else {
        disk_->kill();
    }
    open();
    open_batches_.clear();
    const auto after = queue_->core().memory().counters;
    if (after.now < before.now && after.now < now_) broke("time ran backwards over a start");
    queue_->read([&](const Reader& reader) {
        for (const BatchView& batch : reader.list_batches({}, 1'000, true)) {
            if (!batch.sealed) open_batches_.insert(batch.seq);
        }
        last_event_ = reader.stats().last_event;
    });
    check();
}

void QueueWorld::admit() {
    Admit command{chance(50) ? listed_job(std::to_string(roll(1'000))) : music_job()};
    proto::JobSpec& spec = command.job.spec;
    spec.priority = static_cast<std::uint8_t>(roll(10));
    spec.max_attempts = static_cast<std::uint32_t>(1 + roll(3));
    if (chance(20)) spec.deadline = now_ + proto::Duration(roll(600'000));
    if (chance(10)) spec.not_before = now_ + proto::Duration(roll(60'000));
    if (chance(20)) spec.max_cost = proto::Micros(500'000 + roll(1'000'000));
    if (chance(20)) spec.on_unknown.policy = proto::OnUnknown::Policy::resubmit;
    if (chance(10)) spec.quote.reset();
    if (chance(15) && !promised_.empty())
        command.job.after = {promised_[roll(promised_.size())].id.text()};
    std::string key;
    if (chance(40)) {
        key = "scope of key " + std::to_string(100 + roll(40));
        key.resize(16, '.');
        command.job.idempotency =
            Idempotency{key, std::string(32, static_cast<char>('a' + roll(2)))};
    }
    const Answer answer = ask(command);
    const auto* admitted = std::get_if<Admitted>(&answer.body);
    if (admitted == nullptr) return;
    if (!key.empty()) {
        const auto [known, fresh] = keys_.emplace(key, admitted->id);
        if (!fresh && known->second != admitted->id) broke("one idempotency key made two jobs");
    }
    if (answer.errc == Errc::ok) promised_.push_back({admitted->id, spec.principal});
}

void QueueWorld::import_some() {
    if (open_batches_.empty() || chance(20)) {
        OpenBatch command;
        command.source = chance(70) ? BatchSource::inbox : BatchSource::http;
        command.principal = "inbox";
        if (command.source == BatchSource::inbox)
            command.identity = "file " + std::to_string(roll(20));
        const Answer answer = ask(command);
        const auto* opened = std::get_if<BatchOpened>(&answer.body);
        if (opened != nullptr && !opened->sealed) open_batches_.insert(opened->batch);
        return;
    }
    const proto::BatchSeq batch = *open_batches_.begin();
    if (chance(10)) {
        ask(DropBatch{batch});
        open_batches_.erase(batch);
        return;
    }
    if (chance(40)) {
        const Answer answer = ask(Seal{batch, "hash"});
        if (const auto* sealed = std::get_if<Sealed>(&answer.body))
            sealed_[batch] = sealed->accepted;
        open_batches_.erase(batch);
        return;
    }
    AdmitChunk chunk{batch, {}, {}, "line " + std::to_string(lines_)};
    for (std::uint64_t i = 1 + roll(5); i > 0; --i) {
        AdmitOne job = chance(50) ? video_job() : music_job();
        if (chance(50)) job.spec.custom_id = "shot-" + std::to_string(roll(12));
        if (chance(15)) job.after.push_back("shot-" + std::to_string(roll(12)));
        if (chance(5) && !promised_.empty())
            job.after.push_back(promised_[roll(promised_.size())].id.text());
        chunk.jobs.emplace_back(++lines_, std::move(job));
    }
    if (chance(20)) chunk.refused.push_back({++lines_, {}, "invalid", "kind", "no such kind"});
    if (chance(70)) {
        ask(chunk);
        return;
    }
    // The end of a file may come in the same turn as its last lines.
    const std::vector<Answer> answers = ask_at_once({chunk, Seal{batch, "hash"}});
    if (const auto* sealed = std::get_if<Sealed>(&answers[1].body))
        sealed_[batch] = sealed->accepted;
    open_batches_.erase(batch);
}

/// How many sends of this kind its account has open upstream, as the records say: the queue's own
/// count of slots may be the thing that is wrong.
std::uint64_t QueueWorld::upstream_now(const Work& work) {
    std::uint64_t sends = 0;
    queue_->read([&](const Reader& reader) {
        for (const State state :
             {State::submitting, State::unknown, State::running, State::canceling}) {
            Filter filter;
            filter.state = state;
            filter.kind = work.spec->kind;
            filter.account = work.record.account;
            for (const JobView& job : reader.list(filter, {}, 1'000).jobs) {
                const proto::Duration patience = QueueOptions::Op().patience;
                if (job.record.sent_at + patience > queue_->core().now()) ++sends;
            }
        }
    });
    return sends;
}

void QueueWorld::claim() {
    const Answer answer =
        ask(Claim{static_cast<std::uint32_t>(roll(3)), static_cast<std::uint32_t>(roll(3)),
                  static_cast<std::uint32_t>(roll(4)), 2});
    const auto* claimed = std::get_if<Claimed>(&answer.body);
    if (claimed == nullptr) return;
    for (const Work& work : claimed->work) {
        for (const Work& other : out_) {
            if (other.record.seq == work.record.seq) broke("two steps of one job at the same time");
        }
        if (work.kind == WorkKind::submit) {
            if (!wire_.insert({work.record.seq, work.record.send}).second) {
                broke("one send was put on the wire twice");
            }
            if (work.record.state != State::submitting) broke("a submission that is not on record");
            const auto& capacity = queue_->core().memory().capacity;
            const std::string slot_class =
                work.spec->kind == proto::Kind::video ? "video" : "music";
            const AccountSetup* setup = capacity.find(work.record.account);
            if (setup == nullptr ||
                capacity.taken(work.record.account, slot_class) > setup->slots.at(slot_class) ||
                upstream_now(work) > setup->slots.at(slot_class)) {
                broke("a submission beyond the account's limit");
            }
        }
        out_.push_back(work);
    }
}

proto::Refusal QueueWorld::random_refusal() {
    proto::Refusal refusal;
    refusal.failure.failure = static_cast<proto::FailureClass>(1 + roll(6));
    refusal.failure.code = "1002";
    refusal.failure.message = "refused by chance";
    refusal.failure.billed = chance(30);
    refusal.on_create = static_cast<proto::OnCreate>(roll(3));
    refusal.on_query = static_cast<proto::OnQuery>(roll(3));
    const bool slows = refusal.failure.failure == proto::FailureClass::rate_limited ||
                       refusal.failure.failure == proto::FailureClass::no_capacity ||
                       refusal.failure.failure == proto::FailureClass::account;
    if (slows) {
        refusal.quarantine.scope = static_cast<proto::Scope>(1 + roll(4));
        refusal.quarantine.clearing = static_cast<proto::Clearing>(roll(4));
        refusal.quarantine.reason = "slow down";
    }
    return refusal;
}

Report QueueWorld::submit_report(const Work& work, bool kindly) {
    const bool video = work.spec->kind == proto::Kind::video;
    if (work.kind == WorkKind::reconcile) {
        const bool held = work.record.state == proto::State::held;
        const proto::Instant later = now_ + proto::Duration(held ? 600'000 : 5'000);
        if (chance(20)) return Unchanged{later, {}};
        Searched searched;
        searched.begun = now_;
        searched.whole = kindly || chance(50);
        searched.clock_ahead = proto::Duration(chance(90) ? 0 : 600'000);
        searched.search_at = later;
        if (!kindly && chance(50))
            searched.alike.push_back(
                {"found-" + std::to_string(++tasks_), "clip", work.record.sent_at});
        return searched;
    }
    const std::uint64_t dice = kindly ? 99 : roll(100);
    if (dice < 15) return Refused{random_refusal()};
    if (dice < 25) return Ambiguous{"the connection was reset"};
    if (dice < 28) return PutBack{"the account is gone"};
    if (video) {
        const bool again = !kindly && tasks_ != 0 && chance(3);
        return TakenUp{{"task-" + std::to_string(again ? tasks_ : ++tasks_)},
                       now_ + proto::Duration(roll(20'000))};
    }
    proto::Artifact song;
    song.media_type = "audio/mpeg";
    return DeliveredAtOnce{{song}, "{}"};
}

Report QueueWorld::poll_report(const Work&, bool kindly) {
    const std::uint64_t dice = kindly ? 99 : roll(100);
    if (dice < 20) return Unchanged{now_ + proto::Duration(roll(30'000)), "Processing"};
    if (dice < 35) return QueryRefused{random_refusal(), now_ + proto::Duration(roll(30'000))};
    if (dice < 45) {
        proto::Failure failure{
            proto::FailureClass::rejected, "1027", "output is sensitive", false, false, {}};
        return Failed{failure, chance(50), chance(30)};
    }
    Done done;
    for (std::uint64_t i = kindly ? 1 : roll(3); i > 0; --i) {
        proto::Artifact film;
        film.source.from = proto::Source::From::handle;
        film.source.value = "file";
        film.media_type = "video/mp4";
        done.artifacts.push_back(film);
    }
    return done;
}

Report QueueWorld::fetch_report(const Work& work, bool kindly) {
    for (std::uint32_t n = 0; n < work.record.artifacts.size(); ++n) {
        const proto::Artifact& artifact = work.record.artifacts[n];
        if (artifact.source.send != work.record.send) continue;
        if (artifact.status == proto::Artifact::Status::open && (kindly || chance(70))) {
            return ArtifactNamed{n, "film.mp4", "video/mp4", 3, "abc"};
        }
        if (artifact.status == proto::Artifact::Status::named) return ArtifactHome{n};
        if (artifact.status == proto::Artifact::Status::open && chance(50)) {
            return ArtifactLost{
                n, {proto::FailureClass::artifact, "artifact.gone", "gone", chance(50), false, {}}};
        }
    }
    return FetchLater{now_ + proto::Duration(roll(60'000)), "the host does not answer"};
}

Report QueueWorld::report_for(const Work& work, bool kindly) {
    switch (work.kind) {
        case WorkKind::submit:
        case WorkKind::recover:
        case WorkKind::reconcile:
            return submit_report(work, kindly);
        case WorkKind::poll:
            return poll_report(work, kindly);
        case WorkKind::fetch:
            return fetch_report(work, kindly);
    }
    return PutBack{};
}

void QueueWorld::work(bool kindly) {
    if (out_.empty()) return;
    const std::size_t which = roll(out_.size());
    Work work = out_[which];
    const std::uint64_t crashes = crashes_;
    // A fetch step sends several reports; it learns the record's new shape from what it has sent.
    for (int report = 0; report < 8; ++report) {
        Advance command{work.record.seq, work.record.send, work.record.state,
                        report_for(work, kindly)};
        const Answer answer = ask(command);
        if (crashes_ != crashes) return;
        const bool goes_on = work.kind == WorkKind::fetch && answer.errc == Errc::ok &&
                             !std::holds_alternative<FetchLater>(command.report) &&
                             std::get<Changed>(answer.body).state == State::fetching;
        if (!goes_on) break;
        queue_->read(
            [&](const Reader& reader) { work.record = reader.find(work.record.seq)->record; });
        if (report == 7)
            ask(Advance{work.record.seq, work.record.send, work.record.state,
                        FetchLater{now_, "enough for now"}});
    }
    if (crashes_ == crashes) out_.erase(out_.begin() + static_cast<std::ptrdiff_t>(which));
}

void QueueWorld::act() {
    if (promised_.empty()) return;
    Act command;
    command.job = promised_[roll(promised_.size())].id.seq();
    if (chance(20)) command.job.value = 1 + roll(lines_ + promised_.size() + 1);
    command.verb = static_cast<Verb>(roll(5));
    command.actor = {chance(90) ? "uid:1000" : "uid:7", chance(30)};
    command.again = chance(30);
    command.many = chance(30);
    if (command.verb == Verb::resolve_adopt) {
        command.tasks = {"task-" + std::to_string(chance(50) ? ++tasks_ : roll(tasks_ + 1))};
    }
    ask(command);
    if (chance(30))
        ask(Patch{command.job, command.actor, static_cast<std::uint8_t>(roll(10)), std::nullopt});
}

void QueueWorld::govern() {
    switch (roll(8)) {
        case 0:
            ask(Pause{chance(50) ? "main" : "", chance(30), "lunch"});
            return;
        case 1:
            limit_ = static_cast<std::uint32_t>(1 + roll(4));
            configure();
            return;
        case 2:
            ask(SetDiskGate{chance(60) ? DiskGate::open : static_cast<DiskGate>(roll(4)),
                            UINT64_MAX});
            return;
        case 3:
            if (!promised_.empty()) ask(Blame{promised_[roll(promised_.size())].id.seq()});
            return;
        case 4:
            ask(Consume{"results", {roll(last_event_.value + 1)}, {}});
            return;
        case 5:
            if (!sealed_.empty())
                ask(NoteBatch{sealed_.begin()->first, "file", "accepted/x.jsonl"});
            return;
        case 6:
            ask(Hint{"main", "task-" + std::to_string(roll(tasks_ + 2))});
            return;
        default:
            repeat();
            return;
    }
}

void QueueWorld::repeat() {
    if (chance(30)) return report_late();
    if (answered_.empty()) return;
    Command command = answered_[roll(answered_.size())];
    // A worker reports once; a report cannot come again while the job's next step is out.
    const auto* advance = std::get_if<Advance>(&command);
    if (advance != nullptr && is_out(advance->job)) return;
    ask(std::move(command));
}

/// The report of a send that was long since followed by another.
void QueueWorld::report_late() {
    if (promised_.empty()) return;
    const proto::JobSeq job = promised_[roll(promised_.size())].id.seq();
    std::optional<JobView> view;
    queue_->read([&](const Reader& reader) { view = reader.find(job); });
    if (!view || view->record.send == 0 || is_out(job)) return;
    const Advance late{job, view->record.send - 1, view->record.state, poll_report({}, false)};
    if (ask(late).errc != Errc::stale) broke("a report of another send was believed");
}

bool QueueWorld::is_out(proto::JobSeq job) const {
    return std::any_of(out_.begin(), out_.end(),
                       [job](const Work& work) { return work.record.seq == job; });
}

void QueueWorld::pass_time() {
    if (chance(10)) {
        note_ends();
        now_ += proto::Duration(roll(4 * 3'600'000));
    }
    now_ += proto::Duration(roll(20'000));
    if (chance(5)) now_ -= proto::Duration(roll(3'600'000));  // the wall clock jumps
    ask(Tick{});
}

void QueueWorld::note_ends() {
    queue_->read([&](const Reader& reader) {
        for (const Promise& promise : promised_) {
            const auto job = reader.find(promise.id.seq());
            if (job && job->record.finished_at) ended_.insert(promise.id.seq());
        }
    });
}

void QueueWorld::step() {
    const std::uint64_t dice = roll(1'000);
    if (dice < 120) return admit();
    if (dice < 220) return import_some();
    if (dice < 420) return claim();
    if (dice < 720) return work(false);
    if (dice < 800) return act();
    if (dice < 850) return govern();
    if (dice < 890) return repeat();
    if (dice < 985) return pass_time();
    if (dice < 990) return disk_->fail_after(1 + roll(6), static_cast<Fault>(roll(3)));
    crash();
}

bool QueueWorld::settled() {
    bool all = true;
    queue_->read([&](const Reader& reader) {
        for (const JobView& job :
             reader.list({State::queued, {}, {}, {}, {}, {}}, {}, 1'000).jobs) {
            all = all && job.record.max_cost && !job.record.quote;
        }
        const auto counts = reader.stats().by_state;
        for (std::size_t state = 0; state < counts.size(); ++state) {
            if (proto::is_active(static_cast<State>(state))) all = all && counts[state] == 0;
        }
    });
    return all;
}

void QueueWorld::finish() {
    disk_->fail_after(1'000'000'000, Fault::io_error);
    ask(Pause{"", false, {}});
    ask(Pause{"main", false, {}});
    ask(SetDiskGate{DiskGate::open, UINT64_MAX});
    limit_ = 5;
    for (int round = 0; round < 4'000; ++round) {
        if (round % 200 == 0) {
            configure();
            ask(Pause{"main", false, {}});
            ask(Pause{"spare", false, {}});
        }
        claim();
        while (!out_.empty())
            work(true);
        now_ += proto::Duration(60'000);
        ask(Tick{});
        if (round % 50 == 49 && settled()) break;
    }
    check();
    queue_->read([&](const Reader& reader) {
        const auto counts = reader.stats().by_state;
        for (const State state : {State::preparing, State::submitting, State::unknown,
                                  State::running, State::canceling, State::fetching}) {
            if (counts[static_cast<std::size_t>(state)] != 0) {
                broke("a job never leaves " + std::string(proto::to_string(state)));
                for (const JobView& job : reader.list({state, {}, {}, {}, {}, {}}, {}, 10).jobs) {
                    broke("it is " + job.record.id.text() + ", out with a worker: " +
                          std::to_string(queue_->core().memory().flights.is_out(job.record.seq)));
                    for (const EventRecord& event : reader.events({}, 100, job.record.seq)) {
                        broke("  " + std::string(proto::to_string(event.event)) + " to " +
                              std::string(proto::to_string(event.to)) + ": " + event.detail);
                    }
                }
            }
        }
        for (const JobView& job :
             reader.list({State::queued, {}, {}, {}, {}, {}}, {}, 1'000).jobs) {
            if (!job.record.max_cost || job.record.quote) broke("a job never leaves queued");
        }
        for (const JobView& job :
             reader.list({State::blocked, {}, {}, {}, {}, {}}, {}, 1'000).jobs) {
            bool waits = false;
            bool bad = false;
            for (const proto::JobId& id : job.record.after) {
                const auto other = reader.find(id.seq());
                const bool good = other && other->record.state == State::succeeded;
                const bool ended = !other || proto::is_terminal(other->record.state);
                waits = waits || !ended;
                bad = bad || (ended && !good);
            }
            if (!waits || bad) broke("a job never leaves blocked");
        }
    });
}

void QueueWorld::check() {
    note_ends();
    for (const std::string& sentence : verify(queue_->core().store()).broken)
        broke(sentence);
    queue_->read([&](const Reader& reader) {
        for (const Promise& promise : promised_) {
            const auto job = reader.find(promise.id.seq());
            if (job && job->record.id != promise.id) broke("a job has another's id");
            if (!job && !ended_.contains(promise.id.seq())) broke("an acknowledged job is lost");
        }
        for (const auto& [batch, jobs] : sealed_) {
            const auto row = reader.find_batch(batch);
            if (row && (!row->sealed || row->accepted != jobs))
                broke("an acknowledged seal is lost");
        }
        const proto::EventSeq read = reader.cursor("results");
        if (reader.stats().first_event.value > read.value + 1)
            broke("an event is gone that a reader has not seen");
        for (const EventRecord& event : reader.events(read, 10'000, std::nullopt)) {
            const bool its_end = event.event == proto::Event::expired;
            if (event.job && !its_end && !reader.find(event.job))
                broke("a job is gone whose last event a reader has not seen");
        }
        for (const auto& [job, send] : wire_) {
            const auto found = reader.find(job);
            if (found && found->record.send < send) broke("a send went out that is not on record");
        }
    });
}

}  // namespace genspool::tests
