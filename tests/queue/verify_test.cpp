#include "queue/verify.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "proto/record.hpp"
#include "queue/keys.hpp"
#include "queue/turn.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobRecord;
using proto::JobSeq;
using proto::State;

/// A queue in which something of everything has happened.
struct Past {
    Past() {
        AdmitOne keyed = video_job();
        keyed.idempotency = key("ended");
        const Work whole = queue.fetching(1, keyed);
        succeeded = whole.record.seq;
        queue.report(whole, ArtifactNamed{0, "a.mp4", "video/mp4", 7, "00ff"});
        queue.report(whole, ArtifactHome{0});
        running = queue.running("task-7").record.seq;
        submitting = queue.submitting().record.seq;
        batch = queue.open_batch(BatchSource::inbox, "inode 7");
        AdmitOne member = music_job();
        member.spec.custom_id = "a";
        member.idempotency = key("member");
        queue.add(batch, {member, music_job(), member});  // the third is refused: its custom_id
        queue.seal(batch);
        queue.settle();
        queued = {submitting.value + 1};
        song = {queued.value + 1};
    }

    TestQueue queue;
    JobSeq succeeded, running, submitting, queued, song;
    proto::BatchSeq batch;
};

/// The same database, opened to be tampered with.
class Tampered {
public:
    explicit Tampered(const Past& past)
        : env_(make_env(past.queue.disk->copy())), store_(options(env_.get())) {}

    void put(const std::string& key, std::string value) {
        REQUIRE(store_.get(key) != value);
        store_.commit({{key, std::move(value)}});
    }
    void del(const std::string& key) {
        REQUIRE(store_.get(key).has_value());
        store_.commit({{key, std::nullopt}});
    }
    template <class Change>
    void change(JobSeq job, Change change) {
        auto record = proto::decode_record(store_.get(keys::record(job)).value()).value();
        change(record);
        put(keys::record(job), proto::encode(record));
    }
    template <class Row, class Change>
    void change_row(const std::string& key, Change change) {
        Row row = decode<Row>(store_.get(key).value()).value();
        change(row);
        put(key, encode(row));
    }

    /// Whether a finding names this.
    bool names(const std::string& part) const {
        const auto broken = verify(store_).broken;
        const bool named = std::any_of(
            broken.begin(), broken.end(),
            [&](const std::string& sentence) { return sentence.find(part) != std::string::npos; });
        if (!named) {
            for (const std::string& sentence : broken)
                MESSAGE("found instead: " << sentence);
        }
        return named;
    }
    const Store& store() const { return store_; }

private:
    static StoreOptions options(rocksdb::Env* env) {
        StoreOptions options;
        options.path = "/db";
        options.env = env;
        options.background = false;
        return options;
    }

    std::unique_ptr<rocksdb::Env> env_;
    Store store_;
};

}  // namespace

TEST_CASE("a sound database has nothing to be named, and is counted") {
    const Past past;
    const Tampered tampered(past);

    const Verdict verdict = verify(tampered.store());

    CHECK(verdict.broken.empty());
    CHECK(verdict.jobs == 5);
    CHECK(verdict.by_state.at(static_cast<std::size_t>(State::queued)) == 2);
    CHECK(verdict.batches == 1);
    CHECK(verdict.slots == 2);
    CHECK(verdict.ledger_rows == 3);
    CHECK(verdict.purchases == std::array<std::uint64_t, 4>{2, 1, 0, 0});
    CHECK(verdict.money.at(1) == TotalRow{980'000, 490'000, 0});
    CHECK(verdict.events == past.queue.stats().last_event.value);
}

namespace {

/// One way to damage a database, and what verify must say of it.
struct Damage {
    const char* what;
    void (*plant)(const Past& past, Tampered& db);
    std::vector<std::string> said;
};

std::string day_total(const Past& past) {
    return keys::total('d', proto::format_day(past.queue.now), {}, 1);
}

const std::vector<Damage>& damages_to_jobs() {
    static const std::vector<Damage> table = {
        {"no state row",
         [](const Past& past, Tampered& db) { db.del(keys::state(State::queued, past.queued)); },
         {"is not listed under its state, queued"}},
        {"two state rows",
         [](const Past& past, Tampered& db) {
             db.put(keys::state(State::held, past.queued), encode(IndexRow{}));
         },
         {"is listed under a state it is not in"}},
        {"a state row without its job",
         [](const Past&, Tampered& db) {
             db.put(keys::state(State::held, {99}), encode(IndexRow{}));
         },
         {"a state row without a job: 99"}},
        {"a state row that says something else",
         [](const Past& past, Tampered& db) {
             db.change_row<IndexRow>(keys::state(State::queued, past.queued),
                                     [](IndexRow& row) { row.priority = 9; });
         },
         {"would be queued differently after a start"}},
        {"times that cannot be read",
         [](const Past&, Tampered& db) { db.put(keys::completions("clips"), "nonsense"); },
         {"the row of the times of clips is corrupt"}},
        {"more times than are kept",
         [](const Past&, Tampered& db) {
             const std::vector<std::uint64_t> many(65, 1);
             db.put(keys::completions("clips"), encode(CompletionsRow{many, {}}));
         },
         {"the times of clips are more than are kept"}},
        {"no request",
         [](const Past& past, Tampered& db) { db.del(keys::spec(past.queued)); },
         {"has lost its request"}},
        {"no time of its end",
         [](const Past& past, Tampered& db) {
             db.del(keys::ended(past.queue.record(past.succeeded).finished_at.value(),
                                past.succeeded));
         },
         {"has no true time of its end"}},
        {"a time of an end that was not",
         [](const Past& past, Tampered& db) {
             db.put(keys::ended(past.queue.now, past.running), {});
         },
         {"an end row that is not true, of job 2"}},
        {"bytes that are no record",
         [](const Past& past, Tampered& db) { db.put(keys::record(past.queued), "nonsense"); },
         {"the record of job 4 is corrupt"}},
        {"another's key",
         [](const Past& past, Tampered& db) {
             db.change(past.queued, [&](JobRecord& record) { record.seq = past.running; });
         },
         {"lies under another job's key, 4"}},
        {"a number that was never given",
         [](const Past&, Tampered& db) {
             db.change_row<Counters>(keys::meta("counters"),
                                     [](Counters& row) { row.next_job = 2; });
         },
         {"has a number not given yet"}},
        {"a lane that is not there",
         [](const Past& past, Tampered& db) {
             db.change(past.queued, [](JobRecord& record) { record.lane = 9; });
         },
         {"waits in a lane that is not there"}},
        {"a key cut short",
         [](const Past&, Tampered& db) { db.put("j12", "x"); },
         {"a key of family j has 3 bytes"}},
    };
    return table;
}

const std::vector<Damage>& damages_to_the_log() {
    static const std::vector<Damage> table = {
        {"an event is missing",
         [](const Past&, Tampered& db) { db.del(keys::event({3})); },
         {"event 3 is missing", "names event 3, which is not there"}},
        {"the newest is missing",
         [](const Past& past, Tampered& db) { db.del(keys::event(past.queue.stats().last_event)); },
         {"the newest events are missing"}},
        {"an event that cannot be",
         [](const Past&, Tampered& db) {
             db.change_row<EventRecord>(keys::event({2}),
                                        [](EventRecord& event) { event.to = State::succeeded; });
         },
         {"event 2 is no transition of the lifecycle", "event 3 does not follow"}},
        {"a state that no event led to",
         [](const Past& past, Tampered& db) {
             db.change(past.running, [](JobRecord& record) { record.state = State::held; });
         },
         {"is held, its last event says running"}},
        {"a job whose history is not its own",
         [](const Past& past, Tampered& db) { db.del(keys::history(past.succeeded, {1})); },
         {"event 1 is not in the history of job 1"}},
        {"an event under another's number",
         [](const Past&, Tampered& db) {
             db.change_row<EventRecord>(keys::event({2}),
                                        [](EventRecord& event) { event.seq = {9}; });
         },
         {"event 2 is an event under another's number"}},
        {"an event of a send that never was",
         [](const Past&, Tampered& db) {
             db.change_row<EventRecord>(keys::event({2}),
                                        [](EventRecord& event) { event.send = 9; });
         },
         {"event 2 speaks of a send of job 1"}},
        {"time that runs backwards",
         [](const Past&, Tampered& db) {
             db.change_row<EventRecord>(keys::event({2}),
                                        [](EventRecord& event) { event.at -= hour; });
         },
         {"event 2 is older than the one before it"}},
        {"a reader ahead of the log",
         [](const Past&, Tampered& db) {
             std::string position;
             keys::put_u64(position, 1'000);
             db.put(keys::cursor("results"), position);
         },
         {"cursor results stands beyond the newest event"}},
        {"a reader that lets go of what it has not read",
         [](const Past&, Tampered& db) {
             std::string position;
             keys::put_u64(position, 1);
             keys::put_u64(position, 2);
             db.put(keys::cursor("results"), position);
         },
         {"cursor results lets go of events that it has not read"}},
    };
    return table;
}

const std::vector<Damage>& damages_to_money() {
    static const std::vector<Damage> table = {
        {"a ledger row is missing",
         [](const Past& past, Tampered& db) { db.del(keys::ledger(past.submitting, 1)); },
         {"and its ledger rows disagree about the money",
          "is on the wire without a reserve in the ledger", "send 1 of job 3",
          "is not the sum of its rows"}},
        {"a sum is wrong",
         [](const Past& past, Tampered& db) {
             db.change_row<TotalRow>(day_total(past), [](TotalRow& row) { ++row.spent; });
         },
         {"the ledger's sum for 2027-01-15 is not the sum of its rows"}},
        {"a sum is missing",
         [](const Past& past, Tampered& db) { db.del(day_total(past)); },
         {"the ledger's sum for 2027-01-15 is missing"}},
        {"a sum of nothing",
         [](const Past& past, Tampered& db) {
             db.put(keys::total('a', proto::format_day(past.queue.now), "nobody", 1),
                    encode(TotalRow{1, 2, 3}));
         },
         {"sum for account nobody on 2027-01-15 is not the sum of its rows"}},
        {"a purchase nobody made",
         [](const Past& past, Tampered& db) {
             LedgerRow row;
             row.job = past.running;
             row.send = 7;
             db.put(keys::ledger(past.running, 7), encode(row));
         },
         {"the ledger speaks of send 7 of job 2"}},
        {"a purchase counted to another batch",
         [](const Past& past, Tampered& db) {
             db.change_row<LedgerRow>(keys::ledger(past.running, 1),
                                      [&](LedgerRow& row) { row.batch = past.batch; });
         },
         {"counts send 1 of job 2", "to another batch"}},
    };
    return table;
}

const std::vector<Damage>& damages_to_slots_and_limits() {
    static const std::vector<Damage> table = {
        {"no slot for what is on the wire",
         [](const Past& past, Tampered& db) { db.del(keys::slot(past.submitting, 1)); },
         {"is on the wire without a slot"}},
        {"a second slot, of a send that never was",
         [](const Past& past, Tampered& db) {
             db.put(keys::slot(past.submitting, 2), encode(SlotRow{"main", "video", {}}));
         },
         {"has a slot for a send that never was"}},
        {"a slot of a job that never was",
         [](const Past&, Tampered& db) {
             db.put(keys::slot({99}, 1), encode(SlotRow{"main", "video", {}}));
         },
         {"a slot is taken by job 99, which never was"}},
        {"a slot elsewhere",
         [](const Past& past, Tampered& db) {
             db.change_row<SlotRow>(keys::slot(past.running, 1),
                                    [](SlotRow& row) { row.account = "other"; });
         },
         {"has its slot at another account"}},
        {"sent too often",
         [](const Past& past, Tampered& db) {
             db.change(past.running, [](JobRecord& record) { record.max_attempts = 0; });
         },
         {"was sent beyond max_attempts"}},
        {"charged less often than the ledger says",
         [](const Past& past, Tampered& db) {
             db.change(past.running, [](JobRecord& record) { record.charged = 0; });
         },
         {"was charged more often than it says"}},
        {"too dear",
         [](const Past& past, Tampered& db) {
             db.change(past.running, [](JobRecord& record) { record.max_cost = 1; });
         },
         {"costs more than its max_cost"}},
    };
    return table;
}

const std::vector<Damage>& damages_to_what_leads_to_jobs() {
    static const std::vector<Damage> table = {
        {"a batch that counts wrongly",
         [](const Past& past, Tampered& db) {
             db.change_row<BatchView>(keys::batch(past.batch), [](BatchView& batch) {
                 ++batch.by_state[static_cast<std::size_t>(State::held)];
             });
         },
         {"counts its jobs wrongly"}},
        {"a batch that is gone",
         [](const Past& past, Tampered& db) { db.del(keys::batch(past.batch)); },
         {"has lost its batch"}},
        {"a member that is not listed",
         [](const Past& past, Tampered& db) { db.del(keys::member(past.batch, past.queued)); },
         {"is no member of its own batch"}},
        {"a member that is not there",
         [](const Past& past, Tampered& db) { db.put(keys::member(past.batch, {77}), "x"); },
         {"lists job 77, which is not its own"}},
        {"a custom_id that finds another",
         [](const Past& past, Tampered& db) {
             std::string song;
             keys::put_u64(song, past.song.value);
             db.put(keys::custom_id(past.batch, "a"), song);
         },
         {"cannot be found by its custom_id"}},
        {"a refused line that is gone",
         [](const Past& past, Tampered& db) { db.del(keys::refused_line(past.batch, 3)); },
         {"counts 1 refused lines and has 0"}},
        {"a file that would be taken in again",
         [](const Past&, Tampered& db) { db.del(keys::import("inode 7")); },
         {"cannot be found by the file it came from"}},
        {"a task owned twice",
         [](const Past& past, Tampered& db) {
             db.change(past.submitting, [](JobRecord& record) {
                 record.tasks.push_back({"task-7", "main", 1, proto::Task::Status::open});
             });
         },
         {"task task-7 does not lead to job 3"}},
        {"a task that leads elsewhere",
         [](const Past& past, Tampered& db) {
             db.put(keys::task("main", "task-7"), encode(TaskRow{past.queued, 1}));
         },
         {"task task-7 does not lead to job 2"}},
        {"a task nobody has",
         [](const Past& past, Tampered& db) {
             db.put(keys::task("main", "task-99"), encode(TaskRow{past.queued, 1}));
         },
         {"task task-99 leads to job 4", "a job that does not have the task"}},
        {"an idempotency key that finds nothing",
         [](const Past&, Tampered& db) { db.del(keys::idempotency(key("member").scope_hash)); },
         {"cannot be found by its idempotency key"}},
        {"an idempotency key that would be kept for ever",
         [](const Past& past, Tampered& db) {
             const std::string hash = key("ended").scope_hash;
             db.del(keys::idempotency_end(past.queue.now + past.queue.options.retain_idempotency,
                                          hash));
         },
         {"the idempotency key of job 1", "would never be forgotten"}},
    };
    return table;
}

const std::vector<Damage>& damages_to_what_is_remembered() {
    static const std::vector<Damage> table = {
        {"a state row of another batch",
         [](const Past& past, Tampered& db) {
             db.change_row<IndexRow>(keys::state(State::running, past.running),
                                     [&](IndexRow& row) { row.batch = past.batch; });
         },
         {"would be of another batch or lane after a start"}},
        {"an idempotency key that is gone, though its job has ended long since",
         [](const Past&, Tampered& db) { db.del(keys::idempotency(key("ended").scope_hash)); },
         {"an idempotency key was forgotten before its time"}},
        {"a send in doubt of which another's search would not know",
         [](const Past& past, Tampered& db) {
             db.change(past.submitting, [](JobRecord& record) {
                 record.state = State::unknown;
                 record.listed_as = "clip";
             });
         },
         {"would not be thought of when another's send is looked for"}},
    };
    return table;
}

const std::vector<Damage>& damages_to_who_waits() {
    static const std::vector<Damage> table = {
        {"a job that would never be told of an end",
         [](const Past& past, Tampered& db) {
             db.change(past.queued, [&](JobRecord& record) {
                 record.state = State::blocked;
                 record.after = {past.queue.record(past.song).id};
             });
         },
         {"would not be told of the end of"}},
        {"a job that waits for nothing",
         [](const Past& past, Tampered& db) {
             db.change(past.queued, [](JobRecord& record) { record.state = State::blocked; });
         },
         {"is blocked and waits for nothing"}},
        {"an order that leads nowhere",
         [](const Past& past, Tampered& db) {
             db.put(keys::order(std::string(16, 'o'), past.song), {});
         },
         {"an order leads to a job that is gone, or whose answer was had"}},
        {"an order that nobody finds",
         [](const Past& past, Tampered& db) {
             db.change(past.queued, [](JobRecord& record) { record.order.assign(16, 'o'); });
         },
         {"cannot be found by who repeats its order"}},
        {"one that waits no more",
         [](const Past& past, Tampered& db) { db.put(keys::awaited(past.song, past.queued), {}); },
         {"a job is said to wait for another, and is not blocked"}},
    };
    return table;
}

proto::Input handed_in(char digit) {
    proto::Input input;
    input.sha256 = std::string(64, digit);
    return input;
}

const std::vector<Damage>& damages_to_files_for_jobs() {
    static const std::vector<Damage> table = {
        {"a thing of an account that cannot be read",
         [](const Past&, Tampered& db) {
             db.put(keys::thing("main", {proto::Thing::Kind::file, "7"}), "nonsense");
         },
         {"the row of a thing of an account is corrupt"}},
        {"a job whose file would be let go",
         [](const Past& past, Tampered& db) {
             db.change(past.queued, [](JobRecord& job) { job.inputs = {handed_in('a')}; });
         },
         {"takes the file aaaa", ", which is not kept for it"}},
        {"a file that is kept for a job that does not take it",
         [](const Past& past, Tampered& db) {
             db.put(keys::blob_use(std::string(64, 'a'), past.queued), {});
         },
         {"is kept for job ", ", which does not need it"}},
        {"a file that is kept for a job that has ended",
         [](const Past& past, Tampered& db) {
             db.change(past.succeeded, [](JobRecord& job) { job.inputs = {handed_in('a')}; });
             db.put(keys::blob_use(std::string(64, 'a'), past.succeeded), {});
         },
         {"is kept for job ", ", which does not need it"}},
        {"a row of a file that cannot be read",
         [](const Past&, Tampered& db) { db.put(keys::blob(std::string(64, 'a')), "x"); },
         {"the row of the file aaaa"}},
    };
    return table;
}

void check_that_each_is_named(const std::vector<Damage>& table) {
    const Past past;
    for (const Damage& damage : table) {
        CAPTURE(damage.what);
        Tampered db(past);
        damage.plant(past, db);
        for (const std::string& part : damage.said)
            CHECK(db.names(part));
    }
}

}  // namespace

TEST_CASE("a job's rows that contradict each other are named") {
    check_that_each_is_named(damages_to_jobs());
}

TEST_CASE("a log that does not lead to where the jobs are is named") {
    check_that_each_is_named(damages_to_the_log());
}

TEST_CASE("money and slots that do not add up are named") {
    check_that_each_is_named(damages_to_money());
    check_that_each_is_named(damages_to_slots_and_limits());
}

TEST_CASE("jobs that would wait for ever, or for nothing, are named") {
    check_that_each_is_named(damages_to_who_waits());
    check_that_each_is_named(damages_to_files_for_jobs());
}

TEST_CASE("batches, tasks and keys that lead nowhere are named") {
    check_that_each_is_named(damages_to_what_leads_to_jobs());
}

TEST_CASE("what would be remembered wrongly, or not at all, is named") {
    check_that_each_is_named(damages_to_what_is_remembered());
}
