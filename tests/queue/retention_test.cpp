#include <doctest/doctest.h>

#include "queue/keys.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;
using proto::State;

QueueOptions short_lived() {
    QueueOptions options = queue_options();
    options.retain_jobs = hour;
    options.retain_events = 2 * hour;
    return options;
}

JobSeq ended(TestQueue& queue, AdmitOne job = video_job()) {
    const JobSeq seq = queue.admit(std::move(job));
    queue.act(seq, Verb::cancel);
    return seq;
}

std::size_t rows_in(const TestQueue& queue, char family) {
    std::size_t rows = 0;
    queue.core().store().scan(keys::family_begin(family), keys::family_end(family),
                              [&](std::string_view, std::string_view) {
                                  ++rows;
                                  return true;
                              });
    return rows;
}

std::vector<NoteEvent> notes_of(const TestQueue& queue, std::string_view name,
                                proto::EventSeq after, std::size_t limit) {
    std::vector<NoteEvent> notes;
    queue.read([&](const Reader& reader) { notes = reader.event_notes(name, after, limit); });
    return notes;
}

}  // namespace

TEST_CASE("a job goes some time after its end, with all that is only its own") {
    TestQueue queue(short_lived());
    const Work work = queue.running();
    queue.report(work, Failed{{}, false, false});
    queue.pass(hour - minute);
    CHECK(queue.exists(work.record.seq));

    queue.pass(2 * minute);

    CHECK_FALSE(queue.exists(work.record.seq));
    for (const char family : {keys::record_family, keys::spec_family, keys::state_family,
                              keys::ended_family, keys::task_family}) {
        CHECK(rows_in(queue, family) == 0);
    }
    CHECK(queue.stats().by_state[static_cast<std::size_t>(State::failed)] == 0);
    queue.pass(3 * hour);
    CHECK(rows_in(queue, keys::event_family) == 0);
    CHECK(rows_in(queue, keys::history_family) == 0);
}

TEST_CASE("what has not ended stays, however old it is") {
    TestQueue queue(short_lived(), {});
    const JobSeq job = queue.admit();

    queue.pass(30 * day);

    CHECK(queue.state(job) == State::queued);
}

TEST_CASE("a retried job counts from its new end") {
    TestQueue queue(short_lived(), {});
    const JobSeq job = ended(queue);
    queue.pass(hour / 2);
    queue.act(job, Verb::retry);
    queue.pass(3 * hour);
    CHECK(queue.state(job) == State::queued);

    queue.act(job, Verb::cancel);
    queue.pass(hour / 2);
    CHECK(queue.exists(job));
    queue.pass(hour);
    CHECK_FALSE(queue.exists(job));
}

TEST_CASE("a job retried in the very turn that would purge it is kept") {
    TestQueue queue(short_lived(), {});
    const JobSeq job = ended(queue);
    queue.settle();
    queue.now += 2 * hour;
    // The upkeep of this turn is due as well; whoever comes first, the answer must be true.
    const Answer answer = queue.act(job, Verb::retry);

    CHECK(queue.exists(job) == (answer.errc == Errc::ok));
    queue.pass(minute);
    CHECK(queue.exists(job) == (answer.errc == Errc::ok));
}

TEST_CASE("beyond so many ended jobs the oldest go early") {
    QueueOptions options = queue_options();
    options.retain_jobs_max = 2;
    TestQueue queue(options, {});
    std::vector<JobSeq> jobs;
    for (int job = 0; job < 4; ++job) {
        jobs.push_back(ended(queue));
        queue.now += second;
    }

    queue.pass(2 * minute);

    CHECK_FALSE(queue.exists(jobs[0]));
    CHECK_FALSE(queue.exists(jobs[1]));
    CHECK(queue.exists(jobs[2]));
    CHECK(queue.exists(jobs[3]));
}

TEST_CASE("retention never passes the slowest reader of the log") {
    TestQueue queue(short_lived(), {});
    const JobSeq job = ended(queue);
    queue.ask(Consume{"results", {1}, {}});
    queue.ask(Consume{"webhooks", {2}, {}});

    queue.pass(day);
    CHECK(queue.exists(job));
    CHECK(queue.stats().first_event == proto::EventSeq{2});

    queue.ask(Consume{"results", {2}, {}});
    queue.pass(2 * minute);
    CHECK_FALSE(queue.exists(job));
    CHECK(queue.stats().first_event > proto::EventSeq{2});
}

TEST_CASE("what stayed for a slow reader goes when it has come by, in whatever order it ended") {
    TestQueue queue(short_lived(), {});
    std::vector<JobSeq> jobs;
    for (int job = 0; job < 3; ++job) {
        jobs.push_back(ended(queue));
        queue.now += second;
    }
    // Each has two events: of the first both have been read.
    queue.ask(Consume{"results", {2}, {}});

    queue.pass(day);
    CHECK_FALSE(queue.exists(jobs[0]));
    CHECK(queue.exists(jobs[1]));
    CHECK(queue.exists(jobs[2]));

    queue.ask(Consume{"results", {6}, {}});
    queue.pass(2 * minute);
    CHECK_FALSE(queue.exists(jobs[1]));
    CHECK_FALSE(queue.exists(jobs[2]));
}

TEST_CASE("a cursor keeps its place, and its notes, and does not go back") {
    TestQueue queue;
    queue.admit();
    const auto batch = queue.open_batch();
    queue.seal(batch);
    CHECK(queue.ask(Consume{"results", {2}, {{batch, "length", "120"}}}).errc == Errc::ok);
    CHECK(queue.ask(Consume{"results", {1}, {}}).errc == Errc::stale);

    queue.restart();

    queue.read([&](const Reader& reader) {
        CHECK(reader.cursor("results") == proto::EventSeq{2});
        CHECK(reader.cursor("nobody") == proto::EventSeq{});
        const auto notes = reader.find_batch(batch)->notes;
        REQUIRE(notes.size() == 1);
        CHECK(notes[0] == std::pair<std::string, std::string>("length", "120"));
    });
}

TEST_CASE("a batch that has ended waits for who has something left to do on it") {
    TestQueue queue(short_lived(), {});
    OpenBatch command;
    command.principal = "uid:1000";
    const auto batch = std::get<BatchOpened>(queue.ask(command).body).batch;
    queue.add(batch, {video_job(), video_job(), video_job()});
    queue.seal(batch);
    queue.ask(NoteBatch{batch, std::string(keep_note), "results"});
    std::vector<JobSeq> jobs;
    queue.read([&](const Reader& reader) { jobs = reader.batch_jobs(batch, {}, 10); });
    queue.act(jobs.at(0), Verb::cancel);
    queue.pass(2 * hour);
    CHECK_FALSE(queue.exists(jobs[0]));

    queue.act(jobs.at(1), Verb::cancel);
    queue.act(jobs.at(2), Verb::cancel);
    const JobSeq other = ended(queue);
    queue.pass(day);
    CHECK(queue.exists(jobs[1]));
    CHECK(queue.exists(jobs[2]));
    CHECK_FALSE(queue.exists(other));

    queue.ask(NoteBatch{batch, std::string(keep_note), ""});
    queue.pass(2 * minute);
    CHECK_FALSE(queue.exists(jobs[1]));
    CHECK_FALSE(queue.exists(jobs[2]));
    queue.read([&](const Reader& reader) { CHECK_FALSE(reader.find_batch(batch).has_value()); });
}

TEST_CASE("a batch goes with its last job, and its key is kept a while") {
    QueueOptions options = short_lived();
    options.retain_idempotency = day;
    TestQueue queue(options, {});
    OpenBatch command;
    command.principal = "uid:1000";
    command.idempotency = key("k");
    const auto batch = std::get<BatchOpened>(queue.ask(command).body).batch;
    AdmitOne job = video_job();
    job.spec.custom_id = "a";
    queue.add(batch, {job, video_job()});
    queue.seal(batch);
    queue.ask(NoteBatch{batch, "file", "x"});
    std::vector<JobSeq> jobs;
    queue.read([&](const Reader& reader) { jobs = reader.batch_jobs(batch, {}, 10); });
    queue.act(jobs.at(0), Verb::cancel);
    queue.pass(2 * hour);
    queue.read([&](const Reader& reader) {
        CHECK(reader.find_batch(batch).has_value());
        CHECK(reader.batch_jobs(batch, {}, 10) == std::vector{jobs[1]});
    });

    queue.act(jobs.at(1), Verb::cancel);
    queue.pass(2 * hour);

    for (const char family :
         {keys::batch_family, keys::member_family, keys::custom_id_family, keys::note_family}) {
        CHECK(rows_in(queue, family) == 0);
    }
    CHECK(queue.ask(command).errc == Errc::already);
    queue.pass(day);
    CHECK(queue.ask(command).errc == Errc::ok);
}

TEST_CASE("a slot outlives its purged job until it expires") {
    QueueOptions options = short_lived();
    options.retain_jobs = minute;
    TestQueue queue(options);
    const Work work = queue.submitting();
    queue.act(work.record.seq, Verb::cancel);
    queue.report(work, Ambiguous{"reset"});
    queue.pass(5 * minute);
    CHECK_FALSE(queue.exists(work.record.seq));
    CHECK(queue.taken() == 1);

    queue.restart();
    CHECK(queue.taken() == 1);
    queue.pass(hour);

    CHECK(queue.taken() == 0);
    CHECK(rows_in(queue, keys::slot_family) == 0);
}

TEST_CASE("many old jobs go in bounded steps") {
    QueueOptions options = short_lived();
    options.retain_events = minute;
    TestQueue queue(options, {});
    const auto batch = queue.open_batch();
    for (int chunk = 0; chunk < 5; ++chunk)
        queue.add(batch, std::vector<AdmitOne>(500, video_job()));
    queue.seal(batch);
    for (std::uint64_t job = 1; job <= 2'500; ++job)
        queue.act({job}, Verb::cancel);
    queue.settle();
    queue.now += 2 * hour;

    queue.inner().tick();
    CHECK(rows_in(queue, keys::record_family) == 1'500);
    CHECK(queue.inner().wake_at() <= queue.now);
    queue.settle();

    CHECK(rows_in(queue, keys::record_family) == 0);
    CHECK(rows_in(queue, keys::batch_family) == 0);
    queue.pass(5 * minute);
    CHECK(rows_in(queue, keys::event_family) == 0);
}

TEST_CASE("the refused lines of a batch that goes go in bounded steps") {
    constexpr std::size_t lines = 25'000;
    TestQueue queue(short_lived(), {});
    const auto batch = queue.open_batch();
    AdmitChunk chunk{batch, {{1, video_job()}}, {}, {}};
    for (std::size_t line = 2; line <= lines + 1; ++line)
        chunk.refused.push_back({line, "", "bad_json", "", "no JSON"});
    queue.ask(chunk);
    const auto steps = [&] {
        std::size_t count = 0;
        for (std::size_t left = rows_in(queue, keys::refused_line_family); left > 0; ++count) {
            queue.inner().tick();
            const std::size_t now = rows_in(queue, keys::refused_line_family);
            CHECK(left - now <= 10'000);
            left = now;
        }
        return count;
    };

    SUBCASE("because it is dropped") {
        queue.ask(DropBatch{batch});
        CHECK(steps() == 3);
    }
    SUBCASE("because its last job is too old") {
        queue.seal(batch);
        queue.act({1}, Verb::cancel);
        queue.settle();
        queue.now += 2 * hour;
        queue.inner().tick();
        CHECK(queue.broken().empty());
        CHECK(queue.exists({1}));
        CHECK(steps() == 2);
    }
    queue.settle();
    CHECK(rows_in(queue, keys::batch_family) == 0);
}

TEST_CASE("a note on an event goes with it, and with the reader who wrote it") {
    TestQueue queue(short_lived(), {});
    ended(queue);
    Consume consume{"hook:a", {1}, {}};
    consume.event_notes = {
        {{1}, "hook:a", "one"}, {{2}, "hook:a", "two"}, {{2}, "hook:b", "three"}};
    CHECK(queue.ask(consume).errc == Errc::ok);
    CHECK(rows_in(queue, keys::event_note_family) == 3);

    SUBCASE("with the event") {
        queue.pass(3 * hour);
        // The reader has not read the second event.
        CHECK(rows_in(queue, keys::event_note_family) == 2);
        queue.ask(Consume{"hook:a", {2}, {}});
        queue.pass(2 * minute);
        CHECK(rows_in(queue, keys::event_note_family) == 0);
    }
    SUBCASE("with the reader") {
        CHECK(queue.ask(DropCursor{"hook:a"}).errc == Errc::ok);
        CHECK(rows_in(queue, keys::event_note_family) == 1);
        CHECK(queue.ask(DropCursor{"hook:a"}).errc == Errc::already);
        queue.pass(2 * hour);  // the job goes, which is an event of its own
        queue.pass(3 * hour);
        CHECK(rows_in(queue, keys::event_family) == 0);
    }
    SUBCASE("when it is taken away") {
        consume.event_notes = {{{2}, "hook:a", ""}};
        CHECK(queue.ask(consume).errc == Errc::ok);
        CHECK(rows_in(queue, keys::event_note_family) == 2);
    }
}

TEST_CASE("an event that a reader wants to come back to stays, and its job, also after a start") {
    TestQueue queue(short_lived(), {});
    ended(queue);
    Consume consume{"hook:a", {2}, {}};
    consume.returns_to = proto::EventSeq{2};
    CHECK(queue.ask(consume).errc == Errc::ok);
    queue.restart();
    queue.pass(2 * hour);
    queue.pass(3 * hour);
    CHECK(queue.exists({1}));
    CHECK(rows_in(queue, keys::event_family) == 1);

    queue.ask(Consume{"hook:a", {2}, {}});
    queue.pass(2 * minute);
    CHECK_FALSE(queue.exists({1}));
}

TEST_CASE("there is no note on an event that is not in the log") {
    TestQueue queue(short_lived(), {});
    ended(queue);
    queue.pass(2 * hour);
    queue.pass(3 * hour);
    REQUIRE(rows_in(queue, keys::event_family) == 0);
    Consume consume{"hook:a", {2}, {}};

    consume.event_notes = {{{1}, "hook:a", "gone"}, {{77}, "hook:a", "not yet"}};
    CHECK(queue.ask(consume).errc == Errc::ok);

    CHECK(rows_in(queue, keys::event_note_family) == 0);
}

TEST_CASE("what a reader is noted down for is found again") {
    TestQueue queue(short_lived(), {});
    ended(queue);
    ended(queue);
    Consume consume{"hook:a", {4}, {}};
    consume.event_notes = {
        {{1}, "hook:a", "one"}, {{2}, "hook:b", "two"}, {{3}, "hook:a", "three"}};
    queue.ask(consume);

    const auto notes = notes_of(queue, "hook:a", {}, 10);
    REQUIRE(notes.size() == 2);
    CHECK(notes[0].event == proto::EventSeq{1});
    CHECK(notes[0].value == "one");
    CHECK(notes[1].event == proto::EventSeq{3});
    CHECK(notes_of(queue, "hook:a", {}, 1).size() == 1);
    CHECK(notes_of(queue, "hook:a", {1}, 10).size() == 1);
    queue.read([](const Reader& reader) {
        CHECK(reader.cursors() == std::vector<std::string>{"hook:a"});
    });
}
