#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::FailureClass;
using proto::JobSeq;
using proto::OnCreate;
using proto::State;

/// A job held because its send is unknown; its slot and 0.49 USD are in doubt.
JobSeq held(TestQueue& queue, AdmitOne job = video_job()) {
    const Work work = queue.submitting(std::move(job));
    queue.report(work, Ambiguous{"reset"});
    REQUIRE(queue.state(work.record.seq) == State::held);
    return work.record.seq;
}

JobSeq rejected(TestQueue& queue, AdmitOne job = video_job()) {
    const Work work = queue.submitting(std::move(job));
    queue.report(work, refused_as(FailureClass::rejected, OnCreate::not_created));
    return work.record.seq;
}

JobSeq succeeded(TestQueue& queue, std::size_t lost = 0) {
    const Work work = queue.fetching(1 + lost);
    const proto::Failure dead{FailureClass::artifact, "signature", "no film", false, false, {}};
    queue.report(work, ArtifactNamed{0, "a.mp4", "video/mp4", 7, "00ff"});
    queue.report(work, ArtifactHome{0});
    for (std::uint32_t n = 1; n <= lost; ++n)
        queue.report(work, ArtifactLost{n, dead});
    return work.record.seq;
}

}  // namespace

TEST_CASE("a queued job is canceled at once and never bought") {
    TestQueue queue;
    const JobSeq job = queue.admit();

    CHECK(queue.act(job, Verb::cancel).errc == Errc::ok);

    CHECK(queue.state(job) == State::canceled);
    CHECK(queue.claim().empty());
    CHECK(queue.money(job).empty());
    CHECK(queue.act(job, Verb::cancel).errc == Errc::already);
}

TEST_CASE("a cancel during the submission waits, and stops the task as soon as it is known") {
    TestQueue queue;
    const Work work = queue.submitting();
    const JobSeq job = work.record.seq;
    const Answer answer = queue.act(job, Verb::cancel);
    CHECK(answer.errc == Errc::ok);
    CHECK(std::get<Changed>(answer.body).state == State::submitting);
    CHECK(queue.record(job).cancel_waits);
    CHECK(queue.act(job, Verb::cancel).errc == Errc::already);

    SUBCASE("it was taken") {
        queue.report(work, TakenUp{{"task-1"}, queue.now});
        CHECK(queue.state(job) == State::canceling);
        CHECK(queue.taken() == 1);
        queue.report(queue.claim_one(), Done{films(1), "Success"});
        CHECK(queue.money(job) == "spent 490000");
    }
    SUBCASE("it was delivered: the reply is kept") {
        queue.report(work, DeliveredAtOnce{films(1), {}});
        CHECK(queue.money(job) == "spent 490000");
    }
    SUBCASE("it was answered") {
        queue.report(work, DeliveredAtOnce{{}, "{}"});
        CHECK(queue.money(job) == "spent 490000");
        CHECK(queue.act(job, Verb::retry).errc == Errc::needs_again);
    }
    SUBCASE("nothing was bought") {
        queue.report(work, refused_as(FailureClass::transient, OnCreate::not_created));
        CHECK(queue.money(job) == "released 490000");
    }
    SUBCASE("nobody can say") {
        queue.report(work, Ambiguous{"reset"});
        CHECK(queue.money(job) == "uncertain 490000");
        CHECK(queue.taken() == 1);
        queue.pass(hour);
    }
    CHECK(queue.state(job) == State::canceled);
    CHECK_FALSE(queue.record(job).cancel_waits);
    CHECK(queue.taken() == 0);
    queue.pass(hour);
    CHECK(queue.claim().empty());
}

TEST_CASE("a waiting cancel survives a crash") {
    TestQueue queue;
    const Work work = queue.submitting();
    queue.act(work.record.seq, Verb::cancel);

    queue.restart();
    queue.report(queue.claim_one(), TakenUp{{"task-1"}, queue.now});

    CHECK(queue.state(work.record.seq) == State::canceling);
}

TEST_CASE("a cancel during a search waits for what it finds") {
    QueueOptions options = queue_options();
    options.ops[0].unknown_window = 10 * minute;
    TestQueue queue(options);
    const Work work = queue.submitting(listed_job());
    queue.report(work, Ambiguous{"reset"});
    queue.act(work.record.seq, Verb::cancel);
    CHECK(queue.state(work.record.seq) == State::unknown);

    SUBCASE("found") {
        queue.report(queue.claim_one(), seen({{"task-1", "clip", queue.now}}));
        CHECK(queue.state(work.record.seq) == State::canceling);
    }
    SUBCASE("absent") {
        queue.pass(6 * minute);
        queue.report(queue.claim_one(), seen({}, queue.now));
        CHECK(queue.state(work.record.seq) == State::canceled);
    }
    SUBCASE("neither") {
        queue.pass(10 * minute);
        CHECK(queue.state(work.record.seq) == State::canceled);
        CHECK(queue.money(work.record.seq) == "uncertain 490000");
    }
}

TEST_CASE("a canceled task is watched to its end") {
    TestQueue queue;
    const Work work = queue.running();
    const JobSeq job = work.record.seq;
    queue.act(job, Verb::cancel);
    CHECK(queue.state(job) == State::canceling);

    SUBCASE("done") {
        queue.report(work, Done{films(1), "Success"});
    }
    SUBCASE("failed") {
        queue.report(work, Failed{{}, true, false});
    }
    CHECK(queue.state(job) == State::canceled);
    CHECK(queue.taken() == 0);
    CHECK(queue.money(job) == "spent 490000");
}

TEST_CASE("a task canceled upstream that cost nothing is released, one gone is uncertain") {
    TestQueue queue;
    const Work free = queue.running("task-1");
    queue.act(free.record.seq, Verb::cancel);
    queue.report(free, Failed{{}, false, true});
    CHECK(queue.money(free.record.seq) == "released 490000");

    Work gone = queue.running("task-2");
    queue.act(gone.record.seq, Verb::cancel);
    for (int time = 0; time < 3; ++time) {
        queue.report(gone, query_refused(proto::OnQuery::gone));
        queue.now += minute;
        if (time < 2) gone = queue.claim_one();
    }
    CHECK(queue.state(gone.record.seq) == State::canceled);
    CHECK(queue.money(gone.record.seq) == "uncertain 490000");
}

TEST_CASE("a cancel while fetching stops it, and retry goes on with what was bought") {
    TestQueue queue;
    const Work work = queue.fetching();
    const JobSeq job = work.record.seq;
    queue.act(job, Verb::cancel);
    CHECK(queue.state(job) == State::canceled);
    CHECK(queue.report(work, ArtifactHome{0}).errc == Errc::stale);

    CHECK(queue.act(job, Verb::retry).errc == Errc::ok);

    CHECK(queue.state(job) == State::fetching);
    CHECK(queue.claim_one().kind == WorkKind::fetch);
    CHECK(queue.money(job) == "spent 490000");
}

TEST_CASE("a held job can be canceled; its money stays uncertain") {
    TestQueue queue;
    const JobSeq job = held(queue);

    CHECK(queue.act(job, Verb::cancel).errc == Errc::ok);

    CHECK(queue.state(job) == State::canceled);
    CHECK(queue.money(job) == "uncertain 490000");
    CHECK(queue.taken() == 1);
}

TEST_CASE("what has ended cannot be canceled") {
    TestQueue queue;
    CHECK(queue.act(rejected(queue), Verb::cancel).errc == Errc::not_allowed);
    CHECK(queue.act(succeeded(queue), Verb::cancel).errc == Errc::not_allowed);
    CHECK(queue.act({99}, Verb::cancel).errc == Errc::not_found);
}

TEST_CASE("only the owner and admins may act on a job") {
    TestQueue queue;
    const JobSeq job = queue.admit();
    Act command;
    command.job = job;
    command.actor = {"uid:7", false};
    const Answer answer = queue.ask(command);
    CHECK(answer.errc == Errc::not_owner);
    CHECK(answer.detail.find("uid:1000") != std::string::npos);
    CHECK(queue.ask(Patch{job, {"uid:7", false}, std::uint8_t{9}, std::nullopt}).errc ==
          Errc::not_owner);
    CHECK(queue.state(job) == State::queued);

    command.actor.admin = true;
    CHECK(queue.ask(command).errc == Errc::ok);
    CHECK(queue.state(job) == State::canceled);
}

TEST_CASE("a patch changes priority and labels, and nothing else") {
    TestQueue queue;
    const JobSeq job = queue.admit();
    Patch patch;
    patch.job = job;
    patch.actor = {"uid:1000", false};
    patch.priority = std::uint8_t{9};
    patch.labels.emplace().emplace_back("film", "reel-3");
    CHECK(queue.ask(patch).errc == Errc::ok);

    queue.restart();

    CHECK(queue.record(job).priority == 9);
    queue.read([&](const Reader& reader) {
        CHECK(reader.find(job)->spec.labels == *patch.labels);
        CHECK(reader.find(job)->spec.request == video_job().spec.request);
    });
    CHECK(queue.story(job) == "admitted");
}

TEST_CASE("what is under way cannot be retried") {
    TestQueue queue;
    const Work work = queue.running();

    CHECK(queue.act(work.record.seq, Verb::retry).errc == Errc::not_allowed);
    CHECK(queue.act(queue.admit(), Verb::retry).errc == Errc::not_allowed);
}

TEST_CASE("a retry buys where nothing is left, with one more attempt and no deadline") {
    TestQueue queue;
    AdmitOne job = video_job();
    job.spec.max_attempts = 1;
    job.spec.deadline = queue.now + minute;
    const Work work = queue.running("task-1", job);
    queue.report(work, Failed{{}, true, false});
    CHECK(queue.state(work.record.seq) == State::failed);
    queue.now += hour;

    CHECK(queue.act(work.record.seq, Verb::retry).errc == Errc::ok);

    const Work again = queue.claim_one();
    CHECK(again.record.send == 2);
    CHECK(again.record.max_attempts == 2);
    CHECK_FALSE(again.record.deadline);
    CHECK(queue.money(work.record.seq) == "spent 490000, reserved 490000");
}

TEST_CASE("a retry takes up a task that may still live") {
    TestQueue queue;
    const Work work = queue.running();
    queue.report(work, Done{{}, "Success"});
    CHECK(queue.state(work.record.seq) == State::failed);

    CHECK(queue.act(work.record.seq, Verb::retry).errc == Errc::ok);

    CHECK(queue.state(work.record.seq) == State::running);
    CHECK(queue.taken() == 1);
    CHECK(queue.claim_one().kind == WorkKind::poll);
}

TEST_CASE("a retry fetches what is missing of a partial success, if it still can be fetched") {
    TestQueue queue;
    const Work work = queue.fetching(2);
    queue.report(work, ArtifactNamed{0, "a.mp4", "video/mp4", 7, "00ff"});
    queue.report(work, ArtifactHome{0});
    const proto::Failure lost{FailureClass::artifact, "artifact.patience", "", true, false, {}};
    queue.report(work, ArtifactLost{1, lost});
    CHECK(queue.record(work.record.seq).partial);

    CHECK(queue.act(work.record.seq, Verb::retry).errc == Errc::ok);

    const Work fetch = queue.claim_one();
    CHECK(fetch.record.artifacts[0].status == proto::Artifact::Status::home);
    CHECK(fetch.record.artifacts[1].status == proto::Artifact::Status::open);
    queue.report(fetch, ArtifactNamed{1, "b.mp4", "video/mp4", 7, "00ff"});
    queue.report(fetch, ArtifactHome{1});
    CHECK(queue.state(work.record.seq) == State::succeeded);
    CHECK_FALSE(queue.record(work.record.seq).partial);
    CHECK_FALSE(queue.record(work.record.seq).failure);
}

TEST_CASE("a success is bought once more only when told so, and never by a selection") {
    TestQueue queue;
    const JobSeq job = succeeded(queue);
    CHECK(queue.act(job, Verb::retry).errc == Errc::needs_again);
    CHECK(queue.ask(Act{job, Verb::retry, {"uid:1000", false}, true, {}, true}).errc ==
          Errc::not_allowed);
    CHECK(queue.state(job) == State::succeeded);

    CHECK(queue.act(job, Verb::retry, true).errc == Errc::ok);

    const Work again = queue.claim_one();
    CHECK(again.record.send == 2);
    CHECK(again.record.artifacts.size() == 1);
}

TEST_CASE("a selection never buys a partial success again") {
    TestQueue queue;
    const Work work = queue.submitting();
    proto::Artifact song;
    song.media_type = "audio/mpeg";
    queue.report(work, DeliveredAtOnce{{song, song}, {}});
    const Work fetch = queue.claim_one();
    queue.report(fetch, ArtifactNamed{0, "a.mp3", "audio/mpeg", 7, "00ff"});
    queue.report(fetch, ArtifactHome{0});
    queue.report(fetch, ArtifactLost{1, {FailureClass::artifact, "x", "", false, false, {}}});
    CHECK(queue.record(work.record.seq).partial);

    CHECK(queue.ask(Act{work.record.seq, Verb::retry, {"uid:1000", false}, true, {}, true}).errc ==
          Errc::not_allowed);
    CHECK(queue.state(work.record.seq) == State::succeeded);
}

TEST_CASE("buying after an uncertain send needs to be told again") {
    TestQueue queue;
    const JobSeq job = held(queue);
    CHECK(queue.act(job, Verb::retry).errc == Errc::needs_again);
    CHECK(queue.act(job, Verb::retry, true).errc == Errc::ok);
    CHECK(queue.state(job) == State::queued);
    CHECK(queue.money(job) == "uncertain 490000");
    queue.act(job, Verb::cancel);

    AdmitOne unpriced = video_job();
    unpriced.spec.quote.reset();
    const JobSeq other = held(queue, unpriced);
    queue.act(other, Verb::resolve_lost);
    CHECK(queue.act(other, Verb::retry).errc == Errc::needs_again);
}

TEST_CASE("a retry does not exceed max_cost") {
    TestQueue queue;
    AdmitOne job = video_job();
    job.spec.max_cost = 600'000;
    const Work work = queue.running("task-1", job);
    queue.report(work, Failed{{}, false, false});

    CHECK(queue.act(work.record.seq, Verb::retry).errc == Errc::not_allowed);
    CHECK(queue.state(work.record.seq) == State::failed);
}

TEST_CASE("a held job is resolved by its task, by its absence or as lost") {
    TestQueue queue;
    const JobSeq job = held(queue);

    SUBCASE("adopt") {
        CHECK(queue.act(job, Verb::resolve_adopt, false, {"task-9"}).errc == Errc::ok);
        CHECK(queue.state(job) == State::running);
        CHECK(queue.taken() == 1);
        CHECK_FALSE(queue.record(job).failure);
        queue.report(queue.claim_one(), Done{films(1), "Success"});
        CHECK(queue.money(job) == "spent 490000");
        CHECK(queue.record(job).charged == 1);
    }
    SUBCASE("absent") {
        CHECK(queue.act(job, Verb::resolve_absent).errc == Errc::ok);
        CHECK(queue.money(job) == "released 490000");
        CHECK(queue.record(job).charged == 0);
        CHECK(queue.taken() == 0);
        CHECK(queue.claim_one().record.send == 2);
    }
    SUBCASE("lost") {
        CHECK(queue.act(job, Verb::resolve_lost).errc == Errc::ok);
        CHECK(queue.state(job) == State::failed);
        CHECK(queue.money(job) == "uncertain 490000");
        CHECK(queue.record(job).failure->code == "lost");
        CHECK(queue.taken() == 0);
    }
}

TEST_CASE("an adoption after the slot was given back takes one, beyond the limit if need be") {
    TestQueue queue(queue_options(), {account("main", 1)});
    const JobSeq job = held(queue);
    queue.pass(hour);
    CHECK(queue.taken() == 0);
    queue.submitting();

    CHECK(queue.act(job, Verb::resolve_adopt, false, {"task-9"}).errc == Errc::ok);

    CHECK(queue.taken() == 2);
    queue.admit();
    CHECK(queue.claim().size() == 1);  // the poll only
}

TEST_CASE("a task adopted after all, when its send was declared absent, is paid for") {
    TestQueue queue;
    const JobSeq job = held(queue);
    queue.ask(Pause{{}, true, {}});
    queue.act(job, Verb::resolve_absent);
    CHECK(queue.money(job) == "released 490000");

    CHECK(queue.act(job, Verb::resolve_adopt, false, {"task-9"}).errc == Errc::ok);

    CHECK(queue.state(job) == State::running);
    CHECK(queue.money(job) == "spent 490000");
    CHECK(queue.record(job).charged == 1);
    CHECK(queue.taken() == 1);
}

TEST_CASE("a task adopted by a job at its end is recorded, takes a slot and keeps its failure") {
    TestQueue queue;
    const JobSeq job = held(queue);
    queue.act(job, Verb::resolve_lost);
    const auto failure = queue.record(job).failure;

    CHECK(queue.act(job, Verb::resolve_adopt, false, {"task-9"}).errc == Errc::ok);

    CHECK(queue.state(job) == State::failed);
    CHECK(queue.record(job).failure == failure);
    CHECK(queue.money(job) == "spent 490000");
    CHECK(queue.taken() == 1);
    CHECK(queue.record(job).tasks.size() == 1);
    CHECK(queue.act(job, Verb::retry).errc == Errc::ok);
    CHECK(queue.state(job) == State::running);
}

TEST_CASE("a job whose op answers at once adopts no task: there would be nothing to poll") {
    QueueOptions options = queue_options();
    options.ops[1].has_tasks = false;
    TestQueue queue(options);
    const Work work = queue.submitting(music_job());
    const proto::JobSeq job = work.record.seq;
    queue.report(work, Ambiguous{"reset"});
    REQUIRE(queue.state(job) == State::held);

    CHECK(queue.act(job, Verb::resolve_adopt, false, {"task-9"}).errc == Errc::bad_task);

    CHECK(queue.state(job) == State::held);
}

TEST_CASE("no task can be adopted that is another's, or by a job never sent, or by none") {
    TestQueue queue;
    queue.running("task-1");
    const JobSeq job = held(queue);
    CHECK(queue.act(job, Verb::resolve_adopt, false, {"task-1"}).errc == Errc::bad_task);
    CHECK(queue.act(job, Verb::resolve_adopt, false, {}).errc == Errc::bad_task);
    CHECK(queue.act(queue.admit(), Verb::resolve_adopt, false, {"x"}).errc == Errc::bad_task);
    CHECK(queue.state(job) == State::held);
    CHECK(queue.record(job).tasks.empty());
}

TEST_CASE("what the upstream has taken cannot be declared absent") {
    TestQueue queue;
    Work work = queue.running();
    queue.now += second;
    AccountSetup changed = account("main");
    changed.key_group = "another key";
    queue.configure({changed});
    for (int time = 0; time < 3; ++time) {
        queue.report(work, query_refused(proto::OnQuery::gone));
        queue.now += minute;
        if (time < 2) work = queue.claim_one();
    }
    CHECK(queue.state(work.record.seq) == State::held);

    CHECK(queue.act(work.record.seq, Verb::resolve_absent).errc == Errc::not_allowed);
    CHECK(queue.act(work.record.seq, Verb::resolve_lost).errc == Errc::ok);
    CHECK(queue.money(work.record.seq) == "spent 490000");
}

TEST_CASE("a refused resolve changes nothing of the job") {
    TestQueue queue;
    const JobSeq waiting = queue.admit();
    queue.report(queue.claim_one(), refused_as(FailureClass::transient, OnCreate::not_created));
    const auto before = queue.record(waiting);
    REQUIRE(before.ready_at > queue.now);

    Patch patch;
    patch.job = waiting;
    patch.actor = {"uid:1000", false};
    patch.labels.emplace();
    const auto answers =
        queue.ask_at_once({Act{waiting, Verb::resolve_absent, {"uid:1000", false}},
                           Act{waiting, Verb::resolve_lost, {"uid:1000", false}}, patch});

    CHECK(answers[0].errc == Errc::not_allowed);
    CHECK(answers[1].errc == Errc::not_allowed);
    CHECK(queue.record(waiting).ready_at == before.ready_at);
    CHECK(queue.record(waiting).failure == before.failure);
}
