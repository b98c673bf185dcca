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
        batch = queue.open_batch();
        AdmitOne member = music_job();
        member.spec.custom_id = "a";
        member.idempotency = key("member");
        queue.add(batch, {member, music_job()});
        queue.seal(batch);
        queue.settle();
        queued = {submitting.value + 1};
    }

    TestQueue queue;
    JobSeq succeeded, running, submitting, queued;
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
    CHECK(verdict.batches == 1);
    CHECK(verdict.slots == 2);
    CHECK(verdict.ledger_rows == 3);
    CHECK(verdict.events == past.queue.stats().last_event.value);
}

TEST_CASE("a job's rows that contradict each other are named") {
    const Past past;
    Tampered tampered(past);

    SUBCASE("no state row") {
        tampered.del(keys::state(State::queued, past.queued));
        CHECK(tampered.names("has 0 state rows"));
    }
    SUBCASE("two state rows") {
        tampered.put(keys::state(State::held, past.queued), encode(IndexRow{}));
        CHECK(tampered.names("is listed under a state it is not in"));
        CHECK(tampered.names("has 2 state rows"));
    }
    SUBCASE("a state row without its job") {
        tampered.put(keys::state(State::held, {99}), encode(IndexRow{}));
        CHECK(tampered.names("a state row without a job: 99"));
    }
    SUBCASE("a state row that says something else") {
        tampered.change_row<IndexRow>(keys::state(State::queued, past.queued),
                                      [](IndexRow& row) { row.priority = 9; });
        CHECK(tampered.names("would be queued differently after a start"));
    }
    SUBCASE("no request") {
        tampered.del(keys::spec(past.queued));
        CHECK(tampered.names("has lost its request"));
    }
    SUBCASE("no time of its end") {
        tampered.del(
            keys::ended(past.queue.record(past.succeeded).finished_at.value(), past.succeeded));
        CHECK(tampered.names("has no true time of its end"));
    }
    SUBCASE("a time of an end that was not") {
        tampered.put(keys::ended(past.queue.now, past.running), {});
        CHECK(tampered.names("an end row that is not true"));
    }
    SUBCASE("bytes that are no record") {
        tampered.put(keys::record(past.queued), "nonsense");
        CHECK(tampered.names("a corrupt job record"));
    }
    SUBCASE("another's key") {
        tampered.change(past.queued, [&](JobRecord& record) { record.seq = past.running; });
        CHECK(tampered.names("lies under another job's key"));
    }
    SUBCASE("a number that was never given") {
        tampered.change_row<Counters>(keys::meta("counters"),
                                      [](Counters& row) { row.next_job = 2; });
        CHECK(tampered.names("has a number not given yet"));
    }
}

TEST_CASE("a log that does not lead to where the jobs are is named") {
    const Past past;
    Tampered tampered(past);
    const proto::EventSeq last = past.queue.stats().last_event;

    SUBCASE("an event is missing") {
        tampered.del(keys::event({3}));
        CHECK(tampered.names("event 3 is missing"));
        CHECK(tampered.names("names an event that is not there"));
    }
    SUBCASE("the newest is missing") {
        tampered.del(keys::event(last));
        CHECK(tampered.names("the newest events are missing"));
    }
    SUBCASE("an event that cannot be") {
        tampered.change_row<EventRecord>(keys::event({2}),
                                         [](EventRecord& event) { event.to = State::succeeded; });
        CHECK(tampered.names("event 2 is no transition of the lifecycle"));
        CHECK(tampered.names("event 3 does not follow from the one before"));
    }
    SUBCASE("a state that no event led to") {
        tampered.change(past.running, [](JobRecord& record) { record.state = State::held; });
        CHECK(tampered.names("its last event says running"));
    }
    SUBCASE("a job whose history is not its own") {
        tampered.del(keys::history(past.succeeded, {1}));
        CHECK(tampered.names("event 1 is not in its job's history"));
    }
    SUBCASE("an event under another's number") {
        tampered.change_row<EventRecord>(keys::event({2}),
                                         [](EventRecord& event) { event.seq = {9}; });
        CHECK(tampered.names("an event under another's number"));
    }
}

TEST_CASE("money and slots that do not add up are named") {
    const Past past;
    Tampered tampered(past);
    const std::string day = proto::format_day(past.queue.now);
    const std::string total = keys::total('d', day, {}, 1);

    SUBCASE("a ledger row is missing") {
        tampered.del(keys::ledger(past.submitting, 1));
        CHECK(tampered.names("and its ledger rows disagree about the money"));
        CHECK(tampered.names("is on the wire without a reserve in the ledger"));
        CHECK(tampered.names("a sum of the ledger is not the sum of its rows"));
    }
    SUBCASE("a sum is wrong") {
        tampered.change_row<TotalRow>(total, [](TotalRow& row) { ++row.spent; });
        CHECK(tampered.names("a sum of the ledger is not the sum of its rows"));
    }
    SUBCASE("a sum is missing") {
        tampered.del(total);
        CHECK(tampered.names("a sum of the ledger is missing"));
    }
    SUBCASE("a sum of nothing") {
        tampered.put(keys::total('a', day, "nobody", 1), encode(TotalRow{1, 2, 3}));
        CHECK(tampered.names("a sum of the ledger is not the sum of its rows"));
    }
    SUBCASE("no slot for what is on the wire") {
        tampered.del(keys::slot(past.submitting, 1));
        CHECK(tampered.names("is on the wire without a slot"));
    }
    SUBCASE("a slot of a send that never was") {
        tampered.put(keys::slot(past.submitting, 2), encode(SlotRow{"main", "video", {}}));
        CHECK(tampered.names("has a slot for a send that never was"));
    }
    SUBCASE("sent too often") {
        tampered.change(past.running, [](JobRecord& record) { record.max_attempts = 0; });
        CHECK(tampered.names("was sent beyond max_attempts"));
    }
    SUBCASE("charged less often than the ledger says") {
        tampered.change(past.running, [](JobRecord& record) { record.charged = 0; });
        CHECK(tampered.names("was charged more often than it says"));
    }
    SUBCASE("too dear") {
        tampered.change(past.running, [](JobRecord& record) { record.max_cost = 1; });
        CHECK(tampered.names("costs more than its max_cost"));
    }
}

TEST_CASE("batches, tasks and idempotency keys that lead nowhere are named") {
    const Past past;
    Tampered tampered(past);

    SUBCASE("a batch that counts wrongly") {
        tampered.change_row<BatchView>(keys::batch(past.batch), [](BatchView& batch) {
            ++batch.by_state[static_cast<std::size_t>(State::held)];
        });
        CHECK(tampered.names("batch 1 counts its jobs wrongly"));
    }
    SUBCASE("a batch that is gone") {
        tampered.del(keys::batch(past.batch));
        CHECK(tampered.names("has lost its batch"));
    }
    SUBCASE("a member that is not listed") {
        tampered.del(keys::member(past.batch, past.queued));
        CHECK(tampered.names("is no member of its own batch"));
    }
    SUBCASE("a member that is not there") {
        tampered.put(keys::member(past.batch, {77}), "x");
        CHECK(tampered.names("members are listed of jobs that are not there"));
    }
    SUBCASE("a task that leads elsewhere") {
        tampered.put(keys::task("main", "task-7"), encode(TaskRow{past.queued, 1}));
        CHECK(tampered.names("task task-7 does not lead to job"));
    }
    SUBCASE("a task nobody has") {
        tampered.put(keys::task("main", "task-99"), encode(TaskRow{past.queued, 1}));
        CHECK(tampered.names("a task row leads to a job that does not have the task"));
    }
    SUBCASE("a key that finds nothing") {
        tampered.del(keys::idempotency(key("member").scope_hash));
        CHECK(tampered.names("cannot be found by its idempotency key"));
    }
    SUBCASE("a key that would be kept for ever") {
        const std::string hash = key("ended").scope_hash;
        tampered.del(
            keys::idempotency_end(past.queue.now + past.queue.options.retain_idempotency, hash));
        CHECK(tampered.names("an idempotency row that would never be forgotten"));
    }
}
