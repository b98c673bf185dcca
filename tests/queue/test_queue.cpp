#include "tests/queue/test_queue.hpp"

#include <doctest/doctest.h>

#include "queue/verify.hpp"

namespace genspool::tests {

using namespace queue;
using proto::JobSeq;

TestQueue::TestQueue(QueueOptions wanted, std::vector<AccountSetup> accounts)
    : options(std::move(wanted)), accounts_(std::move(accounts)) {
    open();
}

TestQueue::~TestQueue() {
    for (const std::string& sentence : broken())
        FAIL_CHECK(sentence);
}

void TestQueue::open() {
    queue_ = std::make_unique<InlineQueue>(disk, options, [this] { return now; }, random_.next());
    ask(Configure{accounts_});
}

void TestQueue::configure(std::vector<AccountSetup> accounts) {
    accounts_ = std::move(accounts);
    ask(Configure{accounts_});
}

void TestQueue::restart() {
    queue_.reset();
    disk->kill();
    open();
}

std::vector<Answer> TestQueue::ask_at_once(std::vector<Command> commands) {
    return queue_->ask_at_once(commands);
}

JobSeq TestQueue::admit(AdmitOne job) {
    const Answer answer = ask(Admit{std::move(job)});
    REQUIRE(answer.errc == Errc::ok);
    return std::get<Admitted>(answer.body).id.seq();
}

proto::BatchSeq TestQueue::open_batch(BatchSource source, std::string identity) {
    OpenBatch command;
    command.source = source;
    command.identity = std::move(identity);
    command.principal = "uid:1000";
    const Answer answer = ask(command);
    REQUIRE(std::holds_alternative<BatchOpened>(answer.body));
    return std::get<BatchOpened>(answer.body).batch;
}

std::uint32_t TestQueue::add(proto::BatchSeq batch, std::vector<AdmitOne> jobs,
                             std::string progress) {
    AdmitChunk chunk{batch, {}, {}, std::move(progress)};
    std::uint64_t line = 0;
    for (AdmitOne& job : jobs)
        chunk.jobs.emplace_back(++line, std::move(job));
    const Answer answer = ask(chunk);
    REQUIRE(answer.errc == Errc::ok);
    return std::get<ChunkAdmitted>(answer.body).accepted;
}

std::vector<Work> TestQueue::claim() {
    return std::get<Claimed>(ask(Claim{100, 100, 100, 100}).body).work;
}

Work TestQueue::claim_one() {
    const auto work = claim();
    REQUIRE(work.size() == 1);
    return work.front();
}

Answer TestQueue::report(const Work& work, Report report) {
    return ask(Advance{work.record.seq, work.record.send, work.record.state, std::move(report)});
}

Answer TestQueue::act(JobSeq job, Verb verb, bool again, std::vector<std::string> tasks) {
    Act command{job, verb, {"uid:1000", false}, again, std::move(tasks), false};
    return ask(command);
}

Work TestQueue::claim_for(JobSeq job, const Claim& claim) {
    const auto work = std::get<Claimed>(ask(claim).body).work;
    REQUIRE(work.size() == 1);
    REQUIRE(work.front().record.seq == job);
    return work.front();
}

Work TestQueue::submitting(AdmitOne job) {
    return claim_for(admit(std::move(job)), Claim{0, 0, 1, 0});
}

Work TestQueue::running(const std::string& task, AdmitOne job) {
    Work work = submitting(std::move(job));
    report(work, TakenUp{{task}, now});
    return claim_for(work.record.seq, Claim{0, 1, 0, 0});
}

Work TestQueue::fetching(std::size_t artifacts, AdmitOne job) {
    const Work work = running("task-1", std::move(job));
    report(work, Done{films(artifacts), "Success"});
    return claim_for(work.record.seq, Claim{1, 0, 0, 0});
}

void TestQueue::pass(proto::Duration span) {
    now += span;
    settle();
}

void TestQueue::settle() {
    do {
        queue_->tick();
    } while (queue_->wake_at() <= now);
}

proto::JobRecord TestQueue::record(JobSeq job) const {
    proto::JobRecord record;
    read([&](const Reader& reader) {
        const auto view = reader.find(job);
        REQUIRE(view.has_value());
        record = view->record;
    });
    return record;
}

bool TestQueue::exists(JobSeq job) const {
    bool found = false;
    read([&](const Reader& reader) { found = reader.find(job).has_value(); });
    return found;
}

std::string TestQueue::story(JobSeq job) const {
    std::string story;
    read([&](const Reader& reader) {
        for (const EventRecord& event : reader.events({}, 1'000, job)) {
            if (!story.empty()) story += ' ';
            story += proto::to_string(event.event);
        }
    });
    return story;
}

std::string TestQueue::money(JobSeq job) const {
    constexpr std::array<std::string_view, 4> words = {"reserved", "spent", "released",
                                                       "uncertain"};
    std::string money;
    read([&](const Reader& reader) {
        for (const LedgerLine& line : reader.ledger({}, {job.value - 1}, 1).lines) {
            if (line.row.job != job) continue;
            if (!money.empty()) money += ", ";
            money += words.at(static_cast<std::size_t>(line.row.status));
            money += ' ' + std::to_string(line.row.amount.amount);
        }
    });
    return money;
}

std::uint32_t TestQueue::taken(const std::string& slot_class, const std::string& name) const {
    return core().memory().capacity.taken(name, slot_class);
}

Stats TestQueue::stats() const {
    Stats stats;
    read([&](const Reader& reader) { stats = reader.stats(); });
    return stats;
}

std::vector<std::string> TestQueue::broken() const {
    return verify(core().store()).broken;
}

Searched seen(std::vector<proto::Listed> alike, proto::Instant begun) {
    Searched report;
    report.begun = begun;
    report.listed = alike.size();
    report.alike = std::move(alike);
    report.whole = true;
    report.clock_ahead = proto::Duration(0);
    return report;
}

Refused refused_as(proto::FailureClass failure, proto::OnCreate on_create, proto::Scope scope,
                   proto::Clearing clearing) {
    proto::Refusal refusal;
    const bool may_pass = failure != proto::FailureClass::rejected;
    refusal.failure = {failure, "1002", "the upstream's own words", may_pass, false, {}};
    refusal.on_create = on_create;
    refusal.quarantine = {scope, clearing, std::nullopt, "told to wait"};
    return {refusal};
}

QueryRefused query_refused(proto::OnQuery on_query, proto::FailureClass failure) {
    proto::Refusal refusal;
    refusal.failure = {failure, "1033", "the query failed", true, false, {}};
    refusal.on_query = on_query;
    return {refusal, {}};
}

std::vector<proto::Artifact> films(std::size_t count) {
    std::vector<proto::Artifact> films(count);
    for (std::size_t n = 0; n < count; ++n) {
        films[n].source.from = proto::Source::From::handle;
        films[n].source.value = "file-" + std::to_string(n);
        films[n].media_type = "video/mp4";
    }
    return films;
}

Idempotency key(const std::string& name, const std::string& body) {
    Idempotency key{name, body};
    key.scope_hash.resize(16, '.');
    key.fingerprint.resize(32, '.');
    return key;
}

}  // namespace genspool::tests
