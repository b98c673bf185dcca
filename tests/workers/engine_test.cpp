#include "workers/engine.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/workers/engine_world.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;

namespace {

std::uint64_t paid_calls(EngineWorld& world) {
    const auto& calls = world.http().calls();
    return static_cast<std::uint64_t>(
        std::count_if(calls.begin(), calls.end(), [](const auto& call) { return call.paid; }));
}

}  // namespace

TEST_CASE("a job of each kind is bought once and brought home") {
    EngineWorld world;
    for (const Kind kind : {Kind::video, Kind::music, Kind::image, Kind::tts}) {
        const std::string ref(proto::to_string(kind));
        const proto::JobSeq job = world.admit(kind, EngineWorld::request(kind, ref));

        CHECK(world.run_until_state(job, State::succeeded, 10min));

        const proto::JobRecord record = world.job(job);
        CAPTURE(ref);
        CAPTURE(record.reason);
        CHECK(world.bought(ref) == 1);
        CHECK(record.artifacts.size() == (kind == Kind::image ? 2 : 1));
        CHECK(world.artifact_fault(record, ref) == "");
    }
    world.run_for(1s);
    CHECK(world.files().list_now("spool").empty());
    for (const std::string& name : world.files().list_now("artifacts"))
        CHECK_FALSE(name.ends_with(".part"));
    CHECK(world.log().empty());
}

TEST_CASE("an artifact's name follows the job's template, and a taken one gets a number") {
    EngineWorld world;
    const auto named = [](proto::JobSpec& spec) {
        spec.output = "{kind}/{custom_id}{-n}{ext}";
        spec.custom_id = "shot 1";
    };
    const auto first = world.admit(Kind::tts, EngineWorld::request(Kind::tts, "a"), named);
    CHECK(world.run_until_state(first, State::succeeded, 10min));
    const auto second = world.admit(Kind::tts, EngineWorld::request(Kind::tts, "b"), named);
    CHECK(world.run_until_state(second, State::succeeded, 10min));

    CHECK(world.job(first).artifacts.at(0).name == "tts/shot%201.mp3");
    CHECK(world.job(second).artifacts.at(0).name == "tts/shot%201~2.mp3");
    CHECK(world.artifact_fault(world.job(second), "b") == "");
}

TEST_CASE("an artifact that cannot lie where its template says lies under the job's id") {
    EngineWorld world;
    const auto go = [&world](Kind kind, const std::string& output) {
        const auto job = world.admit(kind, EngineWorld::request(kind, output),
                                     [&](proto::JobSpec& spec) { spec.output = output; });
        CHECK(world.run_until_state(job, State::succeeded, 60min));
        return world.job(job);
    };
    REQUIRE(go(Kind::tts, "reel").artifacts.at(0).name == "reel");
    SUBCASE("because a file is where a directory would be: of a reply") {
        const auto record = go(Kind::music, "reel/x{ext}");
        CHECK(record.artifacts.at(0).name == record.id.text() + ".mp3");
    }
    SUBCASE("because a file is where a directory would be: of a link") {
        const auto record = go(Kind::video, "reel/x{ext}");
        CHECK(record.artifacts.at(0).name == record.id.text() + ".mp4");
    }
    SUBCASE("because its name is too long, as the file system has it") {
        world.files().set_name_max(40);
        const auto record = go(Kind::tts, std::string(60, 'y') + "{ext}");
        CHECK(record.artifacts.at(0).name == record.id.text() + ".mp3");
    }
    for (const std::string& name : world.files().list_now("artifacts"))
        CHECK_FALSE(name.ends_with(".part"));
}

TEST_CASE("no more submissions are under way than there are slots") {
    EngineWorldOptions options;
    options.slots["video"] = 2;
    options.upstream.limits[static_cast<std::size_t>(simulator::SlotClass::video)] = 2;
    EngineWorld world(options);
    std::vector<proto::JobSeq> jobs;
    for (int i = 0; i < 10; ++i)
        jobs.push_back(world.admit(Kind::video, EngineWorld::request(Kind::video, "many")));

    CHECK(world.run_until_state(jobs.back(), State::succeeded, 1h));

    CHECK(world.upstream().records().violations().empty());
    CHECK(world.bought("many") == 10);
}

TEST_CASE("with one slot the next submission waits until a cancelled job is final upstream") {
    EngineWorldOptions options;
    options.slots["video"] = 1;
    options.upstream.limits[static_cast<std::size_t>(simulator::SlotClass::video)] = 1;
    EngineWorld world(options);
    const auto first =
        world.admit(Kind::video, EngineWorld::request(Kind::video, "first", "[[slow:120]]"));
    const auto second = world.admit(Kind::video, EngineWorld::request(Kind::video, "second"));
    CHECK(world.run_until_state(first, State::running, 1min));

    world.act(first, queue::Verb::cancel);
    CHECK(world.state(first) == State::canceling);
    world.run_for(1min);
    CHECK(world.state(second) == State::queued);
    CHECK(world.run_until_state(second, State::succeeded, 10min));

    CHECK(world.state(first) == State::canceled);
    CHECK(world.upstream().records().violations().empty());

    SUBCASE("and a retry of the cancelled job fetches what was bought") {
        world.act(first, queue::Verb::retry);
        CHECK(world.run_until_state(first, State::succeeded, 10min));
        CHECK(world.bought("first") == 1);
        CHECK(world.artifact_fault(world.job(first), "first") == "");
    }
}

TEST_CASE("a task that has not begun is called off upstream, and costs nothing") {
    EngineWorldOptions options;
    options.slots["video_v2"] = 1;
    options.upstream.limits[static_cast<std::size_t>(simulator::SlotClass::video_v2)] = 1;
    EngineWorld world(options);
    const auto request = [](const std::string& ref) {
        return R"({"model":"MiniMax-H3","resolution":"768P","duration":4,"ratio":"1:1",)"
               R"("content":[{"type":"text","text":"waves [[ref:)" +
               ref + R"(]] [[slow:600]]"}]})";
    };
    const auto first = world.admit(Kind::video, request("first"));
    const auto second = world.admit(Kind::video, request("second"));
    CHECK(world.run_until_state(first, State::running, 1min));

    SUBCASE("and the next one goes at once") {
        world.act(first, queue::Verb::cancel);
        CHECK(world.run_until_state(second, State::running, 30s));
        CHECK(world.state(first) == State::canceled);
        CHECK(world.job(first).spent == 0);
        CHECK(world.job(first).uncertain == 0);
    }
    SUBCASE("but one at work goes on to its end, and is paid for") {
        world.run_for(5min);
        world.act(first, queue::Verb::cancel);
        world.run_for(1min);
        CHECK(world.state(first) == State::canceling);
        CHECK(world.run_until_state(first, State::canceled, 10min));
        CHECK(world.job(first).spent + world.job(first).uncertain > 0);
        CHECK(world.act(first, queue::Verb::retry).errc == queue::Errc::ok);
        CHECK(world.run_until_state(first, State::succeeded, 5min));
    }
    CHECK(world.bought("first") == 1);
    CHECK(world.upstream().records().violations().empty());
}

TEST_CASE("what was bought before is not fetched once more with what is bought now") {
    EngineWorld world;
    const auto job =
        world.admit(Kind::video, EngineWorld::request(Kind::video, "again", "[[slow:120]]"));
    CHECK(world.run_until_state(job, State::running, 1min));
    world.act(job, queue::Verb::cancel);
    CHECK(world.run_until_state(job, State::canceled, 10min));
    queue::Act adopt;
    adopt.job = job;
    adopt.verb = queue::Verb::resolve_adopt;
    adopt.actor = {"uid:0", true};
    adopt.tasks = {world.job(job).tasks.at(0).id};
    CHECK(world.ask(adopt).errc == queue::Errc::ok);
    world.act(job, queue::Verb::retry);
    CHECK(world.run_until_state(job, State::succeeded, 10min));

    world.act(job, queue::Verb::retry, true);
    CHECK(world.run_until_state(job, State::succeeded, 10min));

    CHECK(world.bought("again") == 2);
    CHECK(world.job(job).artifacts.size() == 2);
    CHECK(world.artifact_fault(world.job(job), "again") == "");
}

TEST_CASE("a cancelled song is kept in the spool, and a retry brings it home") {
    EngineWorld world;
    const auto job =
        world.admit(Kind::music, EngineWorld::request(Kind::music, "song", "[[slow:100]]"));
    CHECK(world.run_until_state(job, State::submitting, 1min));
    world.act(job, queue::Verb::cancel);
    CHECK(world.run_until_state(job, State::canceled, 5min));
    CHECK(world.files().list_now("spool").size() == 1);

    world.act(job, queue::Verb::retry);
    CHECK(world.run_until_state(job, State::succeeded, 5min));
    CHECK(world.bought("song") == 1);
    CHECK(world.artifact_fault(world.job(job), "song") == "");
}

TEST_CASE("a host that refuses its own links is given up after a day, and a retry buys nothing") {
    EngineWorld world;
    const auto job =
        world.admit(Kind::video, EngineWorld::request(Kind::video, "shy", "[[forbid-download]]"));
    CHECK(world.run_until_state(job, State::fetching, 10min));
    const proto::Instant fetching = world.now();
    CHECK(world.run_until_state(job, State::failed, 48h));
    CHECK(world.now() - fetching >= 24h);
    CHECK(world.now() - fetching <= 25h);
    CHECK(world.job(job).failure->failure == proto::FailureClass::artifact);

    world.upstream().command("/sim/allow-downloads", "");
    world.act(job, queue::Verb::retry);

    CHECK(world.run_until_state(job, State::succeeded, 1h));
    CHECK(world.bought("shy") == 1);
    CHECK(world.artifact_fault(world.job(job), "shy") == "");
}

TEST_CASE("a deadline that passes while the upstream works does not lose what was bought") {
    EngineWorld world;
    const auto job =
        world.admit(Kind::video, EngineWorld::request(Kind::video, "tardy", "[[slow:300]]"),
                    [&](proto::JobSpec& spec) { spec.deadline = world.now() + 60s; });

    CHECK(world.run_until_state(job, State::succeeded, 1h));

    CHECK(world.job(job).late);
    CHECK(world.bought("tardy") == 1);
}

TEST_CASE("a reply that is lost is never bought again by itself") {
    EngineWorld world;
    for (const std::string ref : {"drop", "502"}) {
        const auto job =
            world.admit(Kind::video, EngineWorld::request(Kind::video, ref, "[[" + ref + "]]"));
        CHECK(world.run_until_state(job, State::held, 1h));
        world.run_for(24h);
        CHECK(world.state(job) == State::held);
        CHECK(world.bought(ref) == 1);
    }
    CHECK(paid_calls(world) == 2);
}

TEST_CASE("without a network nothing is bought, and the job goes when it is back") {
    EngineWorld world;
    world.upstream().set_way({.not_sent = 1'000});
    const auto job = world.admit(Kind::video, EngineWorld::request(Kind::video, "patient"));
    world.run_for(2h);
    CHECK(world.state(job) == State::queued);
    CHECK(world.job(job).charged == 0);

    world.upstream().set_way({});
    CHECK(world.run_until_state(job, State::succeeded, 1h));
    CHECK(world.bought("patient") == 1);
}

TEST_CASE("a clean stop lets a paid request finish and resumes every task") {
    EngineWorld world;
    const auto song =
        world.admit(Kind::music, EngineWorld::request(Kind::music, "song", "[[slow:60]]"));
    const auto film =
        world.admit(Kind::video, EngineWorld::request(Kind::video, "film", "[[slow:100]]"));
    CHECK(world.run_until_state(film, State::running, 1min));
    CHECK(world.state(song) == State::submitting);

    world.restart(10min);

    CHECK(world.state(song) == State::fetching);
    CHECK(world.run_until_state(song, State::succeeded, 10min));
    CHECK(world.run_until_state(film, State::succeeded, 10min));
    CHECK(world.bought("song") == 1);
    CHECK(world.bought("film") == 1);
}

TEST_CASE("a stop whose patience ends leaves the job unknown, and says so after the start") {
    EngineWorld world;
    const auto song =
        world.admit(Kind::music, EngineWorld::request(Kind::music, "song", "[[slow:60]]"));
    CHECK(world.run_until_state(song, State::submitting, 1min));
    world.run_for(1s);

    world.restart(10s);

    CHECK(world.run_until_state(song, State::held, 1min));
    CHECK(world.bought("song") == 1);
}

TEST_CASE("a full disk keeps what was bought until there is room") {
    EngineWorldOptions options;
    options.disk_reserve_bytes = 0;
    EngineWorld world(options);
    const auto song =
        world.admit(Kind::music, EngineWorld::request(Kind::music, "song", "[[slow:60]]"));
    CHECK(world.run_until_state(song, State::submitting, 1min));
    world.run_for(30s);
    world.files().set_full(true);
    world.run_for(10min);
    CHECK(world.state(song) == State::submitting);

    world.files().set_full(false);

    CHECK(world.run_until_state(song, State::succeeded, 10min));
    CHECK(world.bought("song") == 1);
}

TEST_CASE("a spooled reply is kept as long as something in it is not home") {
    proto::JobRecord record;
    record.send = 3;
    record.state = proto::State::submitting;
    CHECK(workers::spool_wanted(record, 3));
    CHECK_FALSE(workers::spool_wanted(record, 2));
    CHECK(workers::spool_wanted(record, 4));

    record.state = proto::State::canceled;
    CHECK_FALSE(workers::spool_wanted(record, 3));
    record.artifacts.resize(1);
    record.artifacts[0].source.send = 3;
    CHECK(workers::spool_wanted(record, 3));
    record.artifacts[0].status = proto::Artifact::Status::lost;
    CHECK(workers::spool_wanted(record, 3));
    record.artifacts[0].status = proto::Artifact::Status::home;
    CHECK_FALSE(workers::spool_wanted(record, 3));
}

TEST_CASE("while a backup is made no paid reply leaves the spool; afterwards a sweep takes it") {
    EngineWorld world;
    world.engine().keep_spool(true);
    const auto song = world.admit(Kind::music, EngineWorld::request(Kind::music, "song"));
    CHECK(world.run_until_state(song, State::succeeded, 10min));
    world.run_for(25h);
    CHECK(world.files().list_now("spool").size() == 1);

    world.engine().keep_spool(false);

    world.run_for(25h);
    CHECK(world.files().list_now("spool").empty());
}

TEST_CASE("a reply is kept for an item that was lost, though another life brings home the rest") {
    EngineWorld world;
    world.upstream().set_stranger([](const workers::HttpCall&) -> std::optional<tests::FakeAnswer> {
        tests::FakeAnswer answer;
        answer.body = R"({"data":{"image_base64":["no base64!","/9j/4AAQSkZJRgABAQ=="]},)"
                      R"("metadata":{"success_count":2},"base_resp":{"status_code":0}})";
        return answer;
    });
    const auto picture = world.admit(
        Kind::image, R"({"model":"image-01","prompt":"waves","n":2,"response_format":"base64"})");
    const auto lost_one = [&] {
        const auto record = world.job(picture);
        return !record.artifacts.empty() &&
               record.artifacts[0].status == proto::Artifact::Status::lost;
    };
    for (int handlers = 0; !lost_one() && handlers < 100'000; ++handlers)
        world.run_handlers(1);
    REQUIRE(lost_one());
    REQUIRE(world.state(picture) == State::fetching);
    world.crash(false, 1);

    CHECK(world.run_until_state(picture, State::succeeded, 10min));

    CHECK(world.job(picture).partial);
    world.run_for(1min);
    CHECK(world.files().list_now("spool").size() == 1);
}

TEST_CASE("a spooled reply that nobody understood is kept as long as its money is not settled") {
    proto::JobRecord record;
    record.send = 3;
    for (const proto::State state : {State::unknown, State::held}) {
        record.state = state;
        CHECK(workers::spool_wanted(record, 3));
    }
    record.state = State::failed;
    CHECK_FALSE(workers::spool_wanted(record, 3));
    record.failure.emplace().billed = true;
    CHECK(workers::spool_wanted(record, 3));
    record.failure.reset();
    record.uncertain = 100;
    CHECK(workers::spool_wanted(record, 3));
}

TEST_CASE("buying stops as the disk fills, and starts again by itself") {
    EngineWorld world;
    world.files().set_space(900'000);
    world.run_for(10s);
    const auto job = world.admit(Kind::video, EngineWorld::request(Kind::video, "later"));
    world.run_for(1h);
    CHECK(world.state(job) == State::queued);

    world.files().set_space(1ULL << 40U);
    CHECK(world.run_until_state(job, State::succeeded, 10min));
}

TEST_CASE("an engine that starts on a full disk buys nothing before there is room") {
    EngineWorld world;
    world.files().set_space(900'000);
    // Before anything of the engine has run.
    const auto job = world.admit(Kind::video, EngineWorld::request(Kind::video, "early"));
    world.run_for(1h);
    CHECK(world.state(job) == State::queued);
    CHECK(paid_calls(world) == 0);

    world.files().set_space(1ULL << 40U);
    CHECK(world.run_until_state(job, State::succeeded, 10min));
}

TEST_CASE("a disk that cannot be asked for its room keeps nothing from being bought") {
    EngineWorld world;
    world.files().set_space(std::nullopt);
    const auto job = world.admit(Kind::video, EngineWorld::request(Kind::video, "early"));
    CHECK(world.run_until_state(job, State::succeeded, 10min));
}

TEST_CASE("a task that the upstream fails is bought again while attempts last") {
    EngineWorld world;
    const auto job =
        world.admit(Kind::video, EngineWorld::request(Kind::video, "doomed", "[[fail:1033]]"),
                    [](proto::JobSpec& spec) { spec.max_attempts = 3; });

    CHECK(world.run_until_state(job, State::failed, 10h));

    CHECK(world.bought("doomed") == 3);
    CHECK(world.failed_upstream("doomed") == 3);
}

TEST_CASE("credentials go to the upstream and never to a download host") {
    EngineWorld world;
    const auto job = world.admit(Kind::video, EngineWorld::request(Kind::video, "film"));
    CHECK(world.run_until_state(job, State::succeeded, 10min));

    std::size_t downloads = 0;
    for (const workers::HttpCall& call : world.http().calls()) {
        const bool download = call.url.find("/v1/") == std::string::npos;
        downloads += download ? 1 : 0;
        CHECK(call.public_hosts_only == download);
        bool authorized = false;
        for (const auto& header : call.headers)
            authorized = authorized || header.value.find("secret-key") != std::string::npos;
        CHECK(authorized != download);
    }
    CHECK(downloads == 1);
}

TEST_CASE("a full disk while fetching costs time and nothing else") {
    EngineWorldOptions options;
    options.disk_reserve_bytes = 0;
    EngineWorld world(options);
    const auto film =
        world.admit(Kind::video, EngineWorld::request(Kind::video, "film", "[[slow:100]]"));
    CHECK(world.run_until_state(film, State::running, 1min));
    world.files().set_full(true);
    CHECK(world.run_until_state(film, State::fetching, 10min));
    world.run_for(1h);
    CHECK(world.state(film) == State::fetching);

    world.files().set_full(false);

    CHECK(world.run_until_state(film, State::succeeded, 15min));
    CHECK(world.bought("film") == 1);
    CHECK(world.artifact_fault(world.job(film), "film") == "");
}

TEST_CASE("jobs of an account that is gone wait, and go on when it is back") {
    EngineWorld world;
    const auto film =
        world.admit(Kind::video, EngineWorld::request(Kind::video, "film", "[[slow:100]]"));
    CHECK(world.run_until_state(film, State::running, 1min));
    world.forget_accounts();
    const auto other = world.admit(Kind::video, EngineWorld::request(Kind::video, "other"));
    world.run_for(30min);
    CHECK(world.state(film) == State::running);
    CHECK(world.job(other).charged == 0);

    world.restore_accounts();

    CHECK(world.run_until_state(film, State::succeeded, 1h));
    CHECK(world.run_until_state(other, State::succeeded, 1h));
    CHECK(world.bought("film") == 1);
    CHECK(world.bought("other") == 1);
}
