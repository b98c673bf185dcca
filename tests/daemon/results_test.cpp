#include "daemon/results.hpp"

#include <doctest/doctest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <filesystem>

#include "daemon/batch_notes.hpp"
#include "tests/daemon/inbox_world.hpp"
#include "tests/support/job_factory.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using tests::InboxWorld;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

/// A sealed batch of so many video jobs, as the watch folder leaves one.
queue::BatchView make_batch(InboxWorld& world, const std::string& stem, int jobs, int refused = 0) {
    queue::OpenBatch open;
    open.source = queue::BatchSource::inbox;
    open.name = stem + ".jsonl";
    const auto opened = std::get<queue::BatchOpened>(world.ask(open).body);
    queue::AdmitChunk chunk;
    chunk.batch = opened.batch;
    for (int n = 1; n <= jobs; ++n) {
        queue::AdmitOne job = tests::video_job();
        job.spec.custom_id = "job-" + std::to_string(n);
        chunk.jobs.emplace_back(n, job);
    }
    for (int n = 1; n <= refused; ++n) {
        queue::RefusedLine line;
        line.line = static_cast<std::uint64_t>(jobs + n);
        line.code = "invalid";
        line.message = "no";
        chunk.refused.push_back(line);
    }
    world.ask(chunk);
    if (!stem.empty()) {
        queue::NoteBatch note;
        note.batch = opened.batch;
        note.name = daemon::note_stem;
        note.value = stem;
        world.ask(note);
    }
    queue::Seal seal;
    seal.batch = opened.batch;
    world.ask(seal);
    return world.only_batch();
}

void configure(InboxWorld& world) {
    queue::Configure configure;
    configure.accounts = {tests::account("main", 100)};
    world.ask(configure);
    world.core.tick();
}

/// Claims every job that can go, and says how each ended: succeeded, or failed for good.
void end_jobs(InboxWorld& world, int most, bool good) {
    world.core.tick();
    queue::Claim claim;
    claim.submits = static_cast<std::uint32_t>(most);
    const auto claimed = std::get<queue::Claimed>(world.ask(claim).body);
    CHECK(claimed.work.size() == static_cast<std::size_t>(most));
    for (const queue::Work& work : claimed.work) {
        queue::Advance advance;
        advance.job = work.record.seq;
        advance.send = work.record.send;
        advance.from = proto::State::submitting;
        if (good) {
            advance.report = queue::DeliveredAtOnce{{}, "{}"};
        } else {
            queue::Refused refused;
            refused.refusal.failure.failure = proto::FailureClass::rejected;
            refused.refusal.failure.code = "1026";
            refused.refusal.failure.message = "no";
            refused.refusal.on_create = proto::OnCreate::not_created;
            advance.report = refused;
        }
        CHECK(world.ask(advance).errc == queue::Errc::ok);
    }
}

void retry(InboxWorld& world, proto::JobSeq job) {
    queue::Act act;
    act.job = job;
    act.verb = queue::Verb::retry;
    act.actor.admin = true;
    act.again = true;
    REQUIRE(world.ask(act).errc == queue::Errc::ok);
}

std::vector<std::string> custom_ids(InboxWorld& world, const std::string& file) {
    std::vector<std::string> ids;
    for (const std::string& line : world.read_lines(file)) {
        const json::object object = json::parse(line).as_object();
        const json::value& id = object.at("custom_id");
        ids.emplace_back(id.is_string() ? std::string(id.as_string()) : "refused");
    }
    return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a line is written as each job ends, done when all have") {
    InboxWorld world;
    configure(world);
    world.start_results();
    make_batch(world, "films", 3, 1);
    world.quiesce();
    CHECK(custom_ids(world, "results/films.errors.jsonl") == Ids{"refused"});

    end_jobs(world, 2, true);
    world.quiesce();
    CHECK(custom_ids(world, "results/films.jsonl") == Ids{"job-1", "job-2"});
    CHECK_FALSE(world.exists("results/films.done"));

    end_jobs(world, 1, false);
    world.quiesce();
    CHECK(custom_ids(world, "results/films.errors.jsonl") == Ids{"refused", "job-3"});
    REQUIRE(world.exists("results/films.done"));
    const auto done = json::parse(world.read("results/films.done")).as_object();
    CHECK(done.at("succeeded").as_int64() == 2);
    CHECK(done.at("failed").as_int64() == 1);
    CHECK(done.at("refused").as_int64() == 1);
    CHECK(world.errors.empty());
}

TEST_CASE("a batch over HTTP is named by its id") {
    InboxWorld world;
    configure(world);
    world.start_results();
    const auto batch = make_batch(world, "", 1);
    end_jobs(world, 1, true);
    world.quiesce();

    CHECK(custom_ids(world, "results/" + batch.id.text() + ".jsonl") == Ids{"job-1"});
}

TEST_CASE("a batch of which every line was refused is done at its seal") {
    InboxWorld world;
    world.start_results();
    make_batch(world, "bad", 0, 600);
    world.quiesce();

    CHECK(world.read_lines("results/bad.errors.jsonl").size() == 600);
    CHECK(world.read("results/bad.jsonl").empty());
    CHECK(world.exists("results/bad.done"));
}

TEST_CASE("a retry takes done away until the batch has ended again, with clean files") {
    InboxWorld world;
    configure(world);
    world.start_results();
    const auto batch = make_batch(world, "films", 2, 1);
    end_jobs(world, 1, false);
    end_jobs(world, 1, true);
    world.quiesce();
    REQUIRE(world.exists("results/films.done"));
    CHECK(custom_ids(world, "results/films.errors.jsonl") == Ids{"refused", "job-1"});

    retry(world, world.jobs(batch.seq).front().record.seq);
    world.quiesce();
    CHECK_FALSE(world.exists("results/films.done"));

    end_jobs(world, 1, true);
    world.quiesce();
    CHECK(world.exists("results/films.done"));
    CHECK(custom_ids(world, "results/films.jsonl") == Ids{"job-1", "job-2"});
    CHECK(custom_ids(world, "results/films.errors.jsonl") == Ids{"refused"});
}

TEST_CASE("what happens while nobody writes is written at the next start") {
    InboxWorld world;
    configure(world);
    make_batch(world, "films", 3);
    end_jobs(world, 2, true);
    world.start_results();
    CHECK(world.read_lines("results/films.jsonl").size() == 2);
    world.stop();
    end_jobs(world, 1, true);
    world.start_results();

    CHECK(custom_ids(world, "results/films.jsonl") == Ids{"job-1", "job-2", "job-3"});
    CHECK(world.exists("results/films.done"));
}

TEST_CASE("small groups write the same lines as big ones") {
    InboxWorld world;
    world.results_options.limits.events_max = 2;
    world.results_options.limits.bytes_max = 1;
    configure(world);
    make_batch(world, "films", 5, 3);
    end_jobs(world, 5, true);
    world.start_results();

    CHECK(custom_ids(world, "results/films.jsonl") ==
          Ids{"job-1", "job-2", "job-3", "job-4", "job-5"});
    CHECK(world.read_lines("results/films.errors.jsonl").size() == 3);
    CHECK(world.exists("results/films.done"));
}

TEST_CASE("cut off before any command, no line is lost or doubled") {
    bool cut = true;
    for (int commands = 0; cut; ++commands) {
        CAPTURE(commands);
        InboxWorld world;
        world.results_options.limits.events_max = 3;
        configure(world);
        const auto batch = make_batch(world, "films", 4, 2);
        end_jobs(world, 2, true);
        end_jobs(world, 2, false);
        retry(world, world.jobs(batch.seq).back().record.seq);
        end_jobs(world, 1, true);

        world.queue.cut_after(commands);
        world.start_results();
        cut = world.queue.was_cut();
        world.stop();
        // What is beyond the committed lengths after a kill may be anything.
        if (world.exists("results/films.jsonl") && !world.exists("results/films.done")) {
            world.write("results/films.jsonl", world.read("results/films.jsonl") + "{\"half");
        }
        world.queue.cut_after(std::nullopt);
        world.start_results();

        CHECK(custom_ids(world, "results/films.jsonl") == Ids{"job-1", "job-2", "job-4"});
        CHECK(custom_ids(world, "results/films.errors.jsonl") ==
              Ids{"refused", "refused", "job-3"});
        CHECK(world.exists("results/films.done"));
        CHECK(world.names("results").size() == 3);
        REQUIRE(commands < 40);
    }
}

TEST_CASE("cut off before any command, done does not outlive a retry") {
    bool cut = true;
    for (int commands = 0; cut; ++commands) {
        CAPTURE(commands);
        InboxWorld world;
        configure(world);
        const auto batch = make_batch(world, "films", 2);
        end_jobs(world, 1, true);
        end_jobs(world, 1, false);

        world.queue.cut_after(commands);
        world.start_results();
        cut = world.queue.was_cut();
        world.stop();
        retry(world, world.jobs(batch.seq).back().record.seq);
        world.queue.cut_after(std::nullopt);
        world.start_results();
        CHECK_FALSE(world.exists("results/films.done"));

        end_jobs(world, 1, true);
        world.quiesce();
        CHECK(world.exists("results/films.done"));
        CHECK(custom_ids(world, "results/films.jsonl") == Ids{"job-1", "job-2"});
        REQUIRE(commands < 40);
    }
}

TEST_CASE("a disk that refuses is tried again") {
    InboxWorld world;
    configure(world);
    // A directory in the file's place.
    fs::create_directory(world.state.path("results/films.jsonl"));
    world.start_results();
    make_batch(world, "films", 1);
    end_jobs(world, 1, true);
    world.quiesce();
    CHECK_FALSE(world.exists("results/films.done"));

    fs::remove(world.state.path("results/films.jsonl"));
    world.advance(10s);
    CHECK(custom_ids(world, "results/films.jsonl") == Ids{"job-1"});
    CHECK(world.exists("results/films.done"));
}
