#include <doctest/doctest.h>

#include "queue/keys.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;
using proto::State;

AdmitOne keyed(const std::string& name, const std::string& body = "the body") {
    AdmitOne job = video_job();
    job.idempotency = key(name, body);
    return job;
}

AdmitOne named(const std::string& custom_id) {
    AdmitOne job = video_job();
    job.spec.custom_id = custom_id;
    return job;
}

/// A job admitted and ended by a cancel.
JobSeq ended(TestQueue& queue, AdmitOne job) {
    const JobSeq seq = queue.admit(std::move(job));
    queue.act(seq, Verb::cancel);
    return seq;
}

std::size_t listed(const TestQueue& queue) {
    std::size_t jobs = 0;
    queue.read([&](const Reader& reader) { jobs = reader.list({}, {}, 1'000).jobs.size(); });
    return jobs;
}

OpenBatch open_with_key(const Idempotency& key) {
    OpenBatch command;
    command.principal = "uid:1000";
    command.idempotency = key;
    return command;
}

/// Of a body that has not been read yet.
Idempotency unread(const std::string& name) {
    Idempotency found = key(name);
    found.fingerprint.clear();
    return found;
}

}  // namespace

TEST_CASE("an admitted job is queued, survives a power cut and keeps its id") {
    TestQueue queue;
    const auto answer = queue.ask(Admit{video_job()});
    REQUIRE(answer.errc == Errc::ok);
    const auto admitted = std::get<Admitted>(answer.body);
    CHECK(admitted.state == State::queued);

    queue.restart();

    const auto record = queue.record(admitted.id.seq());
    CHECK(record.id == admitted.id);
    CHECK(record.state == State::queued);
    CHECK(record.principal == "uid:1000");
    CHECK(record.quote == proto::Money{490'000, proto::Unit::usd});
    CHECK(queue.story(admitted.id.seq()) == "admitted");
}

TEST_CASE("a key used again for the same body finds the first job") {
    TestQueue queue;
    const JobSeq first = queue.admit(keyed("a"));

    const auto answer = queue.ask(Admit{keyed("a")});

    CHECK(answer.errc == Errc::already);
    CHECK(std::get<Admitted>(answer.body).id.seq() == first);
    CHECK(std::get<Admitted>(answer.body).state == State::queued);
    CHECK(listed(queue) == 1);
}

TEST_CASE("a key used again for another body is a conflict") {
    TestQueue queue;
    queue.admit(keyed("a"));

    const auto answer = queue.ask(Admit{keyed("a", "another body")});

    CHECK(answer.errc == Errc::conflict);
    CHECK(!answer.detail.empty());
    CHECK(listed(queue) == 1);
}

TEST_CASE("two jobs with one key in the same commit are one job") {
    TestQueue queue;

    const auto answers = queue.ask_at_once({Admit{keyed("a")}, Admit{keyed("a")}});

    CHECK(answers[0].errc == Errc::ok);
    CHECK(answers[1].errc == Errc::already);
    CHECK(listed(queue) == 1);
}

TEST_CASE("a key outlives its job, and is free when its own time is over") {
    QueueOptions options = queue_options();
    options.retain_jobs = hour;
    options.retain_idempotency = day;
    TestQueue queue(options);
    const JobSeq first = ended(queue, keyed("a"));
    queue.pass(2 * hour);
    CHECK_FALSE(queue.exists(first));

    const auto again = queue.ask(Admit{keyed("a")});
    CHECK(again.errc == Errc::already);
    CHECK(std::get<Admitted>(again.body).id.seq() == first);
    CHECK(std::get<Admitted>(again.body).state == State::absent);

    queue.pass(day);
    CHECK(queue.ask(Admit{keyed("a", "another body")}).errc == Errc::ok);
}

TEST_CASE("a key taken anew before its row was swept keeps its new job") {
    QueueOptions options = queue_options();
    options.retain_idempotency = proto::Duration(30'000);
    TestQueue queue(options);
    queue.settle();
    ended(queue, keyed("a"));
    queue.now += 40 * second;
    const JobSeq second_job = queue.admit(keyed("a"));

    queue.pass(5 * minute);

    const auto again = queue.ask(Admit{keyed("a")});
    CHECK(again.errc == Errc::already);
    CHECK(std::get<Admitted>(again.body).id.seq() == second_job);
}

TEST_CASE("a job retried after its key went to another job leaves that key alone") {
    QueueOptions options = queue_options();
    options.retain_idempotency = minute;
    TestQueue queue(options);
    const JobSeq first = ended(queue, keyed("a"));
    queue.pass(2 * minute);
    const JobSeq other = queue.admit(keyed("a"));

    CHECK(queue.act(first, Verb::retry).errc == Errc::ok);
    queue.act(first, Verb::cancel);
    queue.pass(5 * minute);

    const auto again = queue.ask(Admit{keyed("a")});
    CHECK(again.errc == Errc::already);
    CHECK(std::get<Admitted>(again.body).id.seq() == other);
}

TEST_CASE("a retried job's key lasts as long as the job does") {
    QueueOptions options = queue_options();
    options.retain_idempotency = hour;
    TestQueue queue(options, {});
    const JobSeq job = ended(queue, keyed("a"));
    queue.act(job, Verb::retry);

    queue.pass(3 * hour);

    CHECK(queue.ask(Admit{keyed("a")}).errc == Errc::already);
}

TEST_CASE("nothing of a batch is seen, claimed or counted before its seal") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    CHECK(queue.add(batch, {video_job(), video_job()}) == 2);
    queue.settle();

    CHECK(listed(queue) == 0);
    CHECK(queue.claim().empty());
    CHECK(queue.stats().jobs == 0);
    CHECK_FALSE(queue.exists({1}));
    CHECK(queue.act({1}, Verb::cancel).errc == Errc::not_found);
    CHECK(queue.ask(Patch{{1}, {"uid:1000", true}, std::uint8_t{9}, std::nullopt}).errc ==
          Errc::not_found);
    queue.read([&](const Reader& reader) {
        CHECK(reader.list_batches({}, 10, false).empty());
        CHECK(reader.list_batches({}, 10, true).size() == 1);
        CHECK_FALSE(reader.explain({1}).has_value());
    });
}

TEST_CASE("a sealed batch is seen at once and goes") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    queue.add(batch, {video_job(), video_job()});

    const auto answer = queue.ask(Seal{batch, "hash"});

    CHECK(answer.errc == Errc::ok);
    CHECK(std::get<Sealed>(answer.body).accepted == 2);
    CHECK(listed(queue) == 2);
    CHECK(queue.stats().jobs == 2);
    CHECK(queue.claim().size() == 2);
    CHECK(queue.ask(Seal{batch, "hash"}).errc == Errc::already);
    CHECK(queue.ask(AdmitChunk{batch, {}, {}, {}}).errc == Errc::sealed);
}

TEST_CASE("a batch sealed in the same commit as its last lines goes like any other") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    AdmitChunk chunk{batch, {{1, video_job()}, {2, video_job()}}, {}, {}};

    queue.ask_at_once({chunk, Seal{batch, "hash"}});
    queue.settle();

    CHECK(queue.claim().size() == 2);
}

TEST_CASE("a batch dropped in the same commit as its last lines leaves nothing behind") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    AdmitChunk chunk{batch, {{1, named("a")}, {2, keyed("k")}}, {}, {}};

    queue.ask_at_once({chunk, DropBatch{batch}});
    queue.settle();

    for (const char family :
         {keys::record_family, keys::spec_family, keys::state_family, keys::member_family,
          keys::custom_id_family, keys::batch_family, keys::idempotency_family}) {
        queue.core().store().scan(keys::family_begin(family), keys::family_end(family),
                                  [&](std::string_view, std::string_view) {
                                      FAIL_CHECK("a row is left in family " << family);
                                      return true;
                                  });
    }
}

TEST_CASE("a custom_id that is taken in the batch is a refused line; the others are admitted") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    AdmitChunk chunk{batch, {{1, named("a")}, {2, named("a")}, {3, named("b")}}, {}, "3"};
    const auto answer = std::get<ChunkAdmitted>(queue.ask(chunk).body);

    CHECK(answer.accepted == 2);
    REQUIRE(answer.refused.size() == 1);
    CHECK(answer.refused[0].line == 2);
    CHECK(answer.refused[0].code == "duplicate");
    CHECK(answer.refused[0].field == "custom_id");
    CHECK(queue.add(batch, {named("b"), named("c")}) == 1);
    queue.seal(batch);
    const auto other = queue.open_batch();
    CHECK(queue.add(other, {named("a")}) == 1);
    queue.read([&](const Reader& reader) {
        CHECK(reader.refused_lines(batch, 0, 10).size() == 2);
        CHECK(reader.find_batch(batch)->accepted == 3);
        CHECK(reader.find_batch(batch)->refused == 2);
    });
}

TEST_CASE("lines that the reader refused are kept in order") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    queue.ask(AdmitChunk{batch,
                         {},
                         {{7, "x", "invalid", "kind", "no such kind"},
                          {300, {}, "invalid", "priority", "must be at most 9"}},
                         "300"});

    queue.read([&](const Reader& reader) {
        const auto lines = reader.refused_lines(batch, 0, 10);
        REQUIRE(lines.size() == 2);
        CHECK(lines[0].line == 7);
        CHECK(lines[0].custom_id == "x");
        CHECK(lines[1].line == 300);
        CHECK(reader.refused_lines(batch, 7, 10).size() == 1);
        CHECK(reader.refused_lines(batch, 0, 1).size() == 1);
    });
}

TEST_CASE("a line whose key was used before is refused, in the batch and before it") {
    TestQueue queue;
    queue.admit(keyed("a"));
    const auto batch = queue.open_batch();

    CHECK(queue.add(batch, {keyed("a"), keyed("b"), keyed("b")}) == 1);
}

TEST_CASE("a key in an unsealed batch answers for nothing: the batch may be dropped") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    queue.add(batch, {keyed("a")});
    CHECK(queue.ask(Admit{keyed("a")}).errc == Errc::undecided);

    queue.ask(DropBatch{batch});
    queue.settle();

    CHECK(queue.ask(Admit{keyed("a")}).errc == Errc::ok);
}

TEST_CASE("nor does it refuse lines of another batch: they are told to come again") {
    TestQueue queue;
    const auto first = queue.open_batch();
    queue.add(first, {keyed("a")});
    const auto second = queue.open_batch();
    const AdmitChunk chunk{second, {{1, keyed("b")}, {2, keyed("a")}}, {}, {}};
    const Answer answer = queue.ask(chunk);
    CHECK(answer.errc == Errc::undecided);
    CHECK(answer.detail.find("line 2") != std::string::npos);

    SUBCASE("the first is dropped") {
        queue.ask(DropBatch{first});
        queue.settle();
        CHECK(queue.add(second, {keyed("b"), keyed("a")}) == 2);
    }
    SUBCASE("the first is sealed") {
        queue.ask(Seal{first, {}});
        CHECK(queue.add(second, {keyed("b"), keyed("a")}) == 1);
    }
}

TEST_CASE("a batch that the queue could never hold is told so, however empty the queue is") {
    queue::QueueOptions options = queue_options();
    options.jobs_max = 3;
    TestQueue queue(options);
    const auto batch = queue.open_batch();
    CHECK(queue.add(batch, {video_job(), video_job()}) == 2);
    AdmitChunk more{batch, {{3, video_job()}, {4, video_job()}}, {}, {}};
    CHECK(queue.ask(more).errc == Errc::too_many);
    more.jobs.pop_back();
    CHECK(queue.ask(more).errc == Errc::ok);
}

TEST_CASE("an import over HTTP that was cut off is dropped whole at the start") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    for (int chunk = 0; chunk < 3; ++chunk)
        queue.add(batch, std::vector<AdmitOne>(1'000, video_job()));

    queue.restart();
    queue.settle();

    CHECK(queue.claim().empty());
    queue.read([&](const Reader& reader) {
        CHECK_FALSE(reader.find_batch(batch).has_value());
        CHECK(reader.list_batches({}, 10, true).empty());
        CHECK(reader.batch_jobs(batch, {}, 10).empty());
    });
    CHECK(queue.ask(AdmitChunk{batch, {}, {}, {}}).errc == Errc::not_found);
}

TEST_CASE("an import from the inbox goes on after a crash with the progress it had") {
    TestQueue queue;
    OpenBatch command;
    command.source = BatchSource::inbox;
    command.identity = "inode 7";
    command.principal = "inbox";
    const auto batch = std::get<BatchOpened>(queue.ask(command).body).batch;
    queue.add(batch, {named("a"), named("b")}, "offset 120, line 2");

    queue.restart();

    const auto answer = queue.ask(command);
    CHECK(answer.errc == Errc::already);
    const auto opened = std::get<BatchOpened>(answer.body);
    CHECK(opened.batch == batch);
    CHECK(opened.progress == "offset 120, line 2");
    CHECK_FALSE(opened.sealed);
    CHECK(queue.add(batch, {named("b"), named("c")}) == 1);
    queue.seal(batch);
    CHECK(queue.stats().jobs == 3);
    const auto sealed = queue.ask(command);
    CHECK(sealed.errc == Errc::already);
    CHECK(std::get<BatchOpened>(sealed.body).sealed);
}

TEST_CASE("a dropped import is forgotten, and its file can be imported anew at once") {
    TestQueue queue;
    const auto batch = queue.open_batch(BatchSource::inbox, "inode 7");
    queue.add(batch, {named("a")});
    CHECK(queue.ask(DropBatch{batch}).errc == Errc::ok);

    const auto next = queue.open_batch(BatchSource::inbox, "inode 7");

    CHECK(next != batch);
    queue.restart();
    queue.settle();
    queue.read([&](const Reader& reader) {
        CHECK_FALSE(reader.find_batch(batch).has_value());
        CHECK(reader.find_batch(next).has_value());
    });
    CHECK(queue.ask(DropBatch{batch}).errc == Errc::already);
    queue.seal(next);
    CHECK(queue.ask(DropBatch{next}).errc == Errc::sealed);
}

TEST_CASE("a batch's key answers for the sealed batch only") {
    TestQueue queue;
    const auto first = std::get<BatchOpened>(queue.ask(open_with_key(key("k"))).body);
    queue.add(first.batch, {video_job()});
    queue.ask(DropBatch{first.batch});
    queue.settle();
    const auto opened = std::get<BatchOpened>(queue.ask(open_with_key(key("k"))).body);
    CHECK(opened.batch != first.batch);
    queue.add(opened.batch, {video_job()});
    queue.seal(opened.batch);

    const auto again = queue.ask(open_with_key(key("k")));

    CHECK(again.errc == Errc::already);
    CHECK(std::get<BatchOpened>(again.body).id == opened.id);
    CHECK(std::get<BatchOpened>(again.body).sealed);
    CHECK(queue.ask(open_with_key(key("k", "another body"))).errc == Errc::conflict);
    CHECK(queue.ask(Admit{keyed("k")}).errc == Errc::conflict);
}

TEST_CASE("a batch's fingerprint may be known at its seal only") {
    TestQueue queue;
    const auto opened = std::get<BatchOpened>(queue.ask(open_with_key(unread("k"))).body);
    queue.add(opened.batch, {video_job()});
    queue.ask(Seal{opened.batch, "hash", key("k").fingerprint});

    const auto again = queue.ask(open_with_key(unread("k")));
    CHECK(again.errc == Errc::already);
    CHECK(std::get<BatchOpened>(again.body).id == opened.id);
    CHECK(queue.ask(open_with_key(key("k"))).errc == Errc::already);
    CHECK(queue.ask(open_with_key(key("k", "another body"))).errc == Errc::conflict);
    queue.admit(keyed("of a job"));
    CHECK(queue.ask(open_with_key(unread("of a job"))).errc == Errc::conflict);
}

TEST_CASE("of two requests with one key that came at once, one batch is sealed") {
    TestQueue queue;
    const auto one = std::get<BatchOpened>(queue.ask(open_with_key(key("k"))).body).batch;
    const auto two = std::get<BatchOpened>(queue.ask(open_with_key(key("k"))).body).batch;

    CHECK(queue.ask(Seal{one, "hash"}).errc == Errc::ok);
    CHECK(queue.ask(Seal{two, "hash"}).errc == Errc::conflict);
    CHECK(queue.ask(DropBatch{two}).errc == Errc::ok);
}

TEST_CASE("the queue's limit counts what has not ended") {
    QueueOptions options = queue_options();
    options.jobs_max = 3;
    TestQueue queue(options);
    ended(queue, video_job());
    const auto batch = queue.open_batch();
    for (int job = 0; job < 3; ++job)
        queue.admit();

    const auto answer = queue.ask(Admit{video_job()});

    CHECK(answer.errc == Errc::full);
    CHECK(answer.detail.find("3 jobs") != std::string::npos);
    CHECK(queue.ask(AdmitChunk{batch, {{1, video_job()}}, {}, {}}).errc == Errc::full);
}

TEST_CASE("batches that were taken in side by side are sealed only while they fit") {
    QueueOptions options = queue_options();
    options.jobs_max = 3;
    TestQueue queue(options);
    const auto one = queue.open_batch();
    const auto two = queue.open_batch();
    CHECK(queue.add(one, {video_job(), video_job()}) == 2);
    CHECK(queue.add(two, {video_job(), video_job()}) == 2);

    CHECK(queue.ask(Seal{one, "hash"}).errc == Errc::ok);
    CHECK(queue.ask(Seal{two, "hash"}).errc == Errc::full);

    CHECK(queue.stats().jobs == 2);
    for (const queue::Work& work : queue.claim())
        queue.report(work, refused_as(proto::FailureClass::rejected, proto::OnCreate::not_created));
    CHECK(queue.ask(Seal{two, "hash"}).errc == Errc::ok);
}

TEST_CASE("a full queue does not begin a batch, but answers for one it has") {
    QueueOptions options = queue_options();
    options.jobs_max = 1;
    TestQueue queue(options);
    const auto first = std::get<BatchOpened>(queue.ask(open_with_key(key("k"))).body);
    queue.add(first.batch, {video_job()});
    queue.seal(first.batch);

    CHECK(queue.ask(open_with_key(key("k"))).errc == Errc::already);
    CHECK(queue.ask(open_with_key(key("l"))).errc == Errc::full);
}

TEST_CASE("at the disk's last watermark nothing is taken in, but a known key is still answered") {
    TestQueue queue;
    queue.admit(keyed("a"));
    queue.ask(SetDiskGate{DiskGate::no_intake, 0});

    CHECK(queue.ask(Admit{video_job()}).errc == Errc::read_only);
    CHECK(queue.ask(open_with_key(key("k"))).errc == Errc::read_only);
    CHECK(queue.ask(Admit{keyed("a")}).errc == Errc::already);
}

TEST_CASE("an empty batch has ended when it is sealed") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    queue.seal(batch);
    queue.settle();

    queue.read(
        [&](const Reader& reader) { CHECK(reader.find_batch(batch)->ended_at == queue.now); });
}

TEST_CASE("a note on a batch is kept under its name") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    queue.ask(NoteBatch{batch, "file", "inbox/a.jsonl"});
    queue.ask(NoteBatch{batch, "file", "accepted/a.jsonl"});
    CHECK(queue.ask(NoteBatch{{99}, "file", "x"}).errc == Errc::not_found);

    queue.restart();

    // It came over HTTP and was cut off, so the start drops it, notes and all.
    queue.settle();
    queue.core().store().scan(keys::family_begin(keys::note_family),
                              keys::family_end(keys::note_family),
                              [](std::string_view, std::string_view) {
                                  FAIL_CHECK("a note outlives its batch");
                                  return true;
                              });
}
