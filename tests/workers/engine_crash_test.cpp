// What must hold at every single moment: the process dies at each handler of the loop in turn, and
// codecs break wherever they are called.
#include <doctest/doctest.h>

#include <stdexcept>

#include "proto/minimax/provider.hpp"
#include "tests/workers/engine_world.hpp"
#include "workers/spool.hpp"

using namespace genspool;
using namespace std::chrono_literals;
using proto::Kind;
using proto::State;
using tests::EngineWorld;
using tests::EngineWorldOptions;

namespace {

/// A provider whose codecs throw where they are told to.
class Breaking : public proto::Provider {
public:
    enum class Where { nowhere, submit, on_submit, on_poll, on_link };

    explicit Breaking(std::string op = "minimax.video_v1") : op_name_(std::move(op)) {}

    class Op : public proto::Codec {
    public:
        explicit Op(Breaking& owner) : owner_(owner) {}

        const proto::OpInfo& info() const override { return real().info(); }
        proto::Result<proto::Checked> check(const boost::json::object& request) const override {
            return real().check(request);
        }
        proto::Call submit(const proto::JobSpec& spec) const override {
            owner_.pass(Where::submit);
            return real().submit(spec);
        }
        proto::SubmitOutcome on_submit(const proto::JobSpec& spec,
                                       const proto::Reply& reply) const override {
            owner_.pass(Where::on_submit);
            return real().on_submit(spec, reply);
        }
        proto::Call poll(const proto::Task& task) const override { return real().poll(task); }
        proto::PollOutcome on_poll(const proto::Task& task,
                                   const proto::Reply& reply) const override {
            owner_.pass(Where::on_poll);
            return real().on_poll(task, reply);
        }
        proto::Call link(const proto::Source& source) const override { return real().link(source); }
        proto::LinkOutcome on_link(const proto::Source& source,
                                   const proto::Reply& reply) const override {
            owner_.pass(Where::on_link);
            return real().on_link(source, reply);
        }
        proto::ExtractOutcome extract(const proto::JobSpec& spec, const proto::Reply& reply,
                                      std::size_t n) const override {
            return real().extract(spec, reply, n);
        }

    private:
        const proto::Codec& real() const {
            static const proto::Registry registry({&proto::minimax_provider()});
            return *registry.codec(owner_.op_name_);
        }

        Breaking& owner_;
    };

    Where where = Where::nowhere;
    std::function<void()> on_pass;

    std::string_view name() const override { return real_.name(); }
    std::string_view default_base_url() const override { return real_.default_base_url(); }
    proto::Unit unit() const override { return real_.unit(); }
    std::span<const proto::SlotClass> slot_classes() const override { return real_.slot_classes(); }
    std::span<const proto::Codec* const> codecs() const override { return {&only_, 1}; }
    std::span<const proto::PaidPath> paid_paths() const override { return real_.paid_paths(); }
    std::span<const proto::Price> prices() const override { return real_.prices(); }
    std::string_view prices_as_of() const override { return real_.prices_as_of(); }
    std::vector<std::pair<std::string, std::string>> authorize(
        std::string_view key) const override {
        return real_.authorize(key);
    }
    void address(proto::Call& call, std::string_view account) const override {
        real_.address(call, account);
    }
    proto::Call upload(std::string_view purpose, const proto::Input& file,
                       std::string_view bytes) const override {
        return real_.upload(purpose, file, bytes);
    }
    proto::UploadOutcome on_upload(std::string_view purpose,
                                   const proto::Reply& reply) const override {
        return real_.on_upload(purpose, reply);
    }
    proto::Result<const proto::Codec*> choose(Kind, const boost::json::object&) const override {
        return only_;
    }

private:
    void pass(Where here) const {
        if (on_pass) on_pass();
        if (here == where) throw std::runtime_error("a codec broke");
    }

    const proto::Provider& real_ = proto::minimax_provider();
    std::string op_name_;
    Op op_{*this};
    const proto::Codec* only_ = &op_;
};

/// What the spool holds of a song that is not home yet.
std::string reply_of_a_song(EngineWorld& world) {
    const std::string request = EngineWorld::request(Kind::music, "first", "[[slow:60]]");
    const auto first = world.admit(Kind::music, request);
    CHECK(world.run_until_state(first, State::submitting, 1min));
    world.restart(10min);
    return world.files().read_now(workers::spool_path(world.job(first).id, 1)).bytes;
}

/// A song that waits, as behind a restore.
proto::JobSeq admit_while_paused(EngineWorld& world) {
    CHECK(world.ask(queue::Pause{"", true, "restored"}).errc == queue::Errc::ok);
    return world.admit(Kind::music, EngineWorld::request(Kind::music, "job"));
}

/// Plays one job up to shortly before it is answered (music) or found finished (video, a long
/// text), goes on for so many handlers, dies, and plays to the end.
State dies_after(Kind kind, std::uint64_t handlers, bool power, const std::string& words = {}) {
    EngineWorld world;
    const auto job = world.admit(kind, EngineWorld::request(kind, "job", "[[slow:20]]" + words));
    world.run_for(19'900ms);
    world.run_handlers(handlers);
    world.crash(power, handlers);
    const bool rests = world.run_until(
        [&] { return proto::is_terminal(world.state(job)) || world.state(job) == State::held; },
        1h);
    CAPTURE(handlers);
    CHECK(rests);
    CHECK(world.bought("job") == 1);
    CHECK(world.job(job).charged == 1);
    CHECK(world.artifact_fault(world.job(job), "job") == "");
    if (world.state(job) == State::succeeded)
        CHECK(world.job(job).artifacts.size() == world.hashes("job").size());
    world.restart(1min);
    world.run_for(1s);
    // Of a purchase that nobody can judge, what there is of its reply is kept.
    if (world.state(job) != State::held) CHECK(world.files().list_now("spool").empty());
    return world.state(job);
}

}  // namespace

TEST_CASE("what a life left unsynced is not taken for what is on the disk") {
    // The power goes when the artifact has its name in the database, though not yet on the disk;
    // the next life dies as it writes it anew, and the third finds it there.
    std::size_t found = 0;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        CAPTURE(seed);
        EngineWorld world;
        const auto job = world.admit(Kind::tts, EngineWorld::request(Kind::tts, "voice"));
        const auto artifact = [&] {
            const auto record = world.job(job);
            return record.artifacts.empty() ? proto::Artifact() : record.artifacts.front();
        };
        const auto part_bytes = [&] {
            for (const std::string& name : world.files().list_now("artifacts")) {
                if (!name.ends_with(".part")) continue;
                return std::uint64_t{world.files().read_now("artifacts/" + name).bytes.size()};
            }
            return std::uint64_t{0};
        };
        const auto step_until = [&](const auto& done) {
            for (int handlers = 0; handlers < 1'000 && !done(); ++handlers)
                world.run_handlers(1);
            return done();
        };
        REQUIRE(step_until([&] { return artifact().status == proto::Artifact::Status::named; }));
        world.crash(true, seed);
        if (part_bytes() != 0) continue;  // the disk was kind
        ++found;
        REQUIRE(step_until([&] { return part_bytes() == artifact().bytes; }));
        world.crash(false, 0);
        REQUIRE(world.run_until_state(job, State::succeeded, 1h));

        world.crash(true, 0);

        CHECK(world.artifact_fault(world.job(job), "voice") == "");
    }
    CHECK(found > 0);
}

TEST_CASE("a song survives a death at any moment once its reply is in the spool") {
    std::uint64_t songs = 0;
    bool safe = false;
    for (std::uint64_t handlers = 0; handlers < 150; ++handlers) {
        const State end = dies_after(Kind::music, handlers, handlers % 2 == 0);
        CHECK((end == State::held || end == State::succeeded));
        if (end == State::succeeded) ++songs;
        // Once it is safe it stays so.
        if (safe) CHECK(end == State::succeeded);
        safe = safe || (end == State::succeeded && handlers % 2 == 0);
    }
    CHECK(songs > 50);
    CHECK(songs < 150);
}

TEST_CASE("a video whose task is known survives a death at any moment") {
    for (std::uint64_t handlers = 0; handlers < 150; ++handlers)
        CHECK(dies_after(Kind::video, handlers, handlers % 2 == 0) == State::succeeded);
}

TEST_CASE("all that an archive holds survives a death at any moment") {
    const std::string long_text(10'000, 'o');
    for (std::uint64_t handlers = 0; handlers < 150; ++handlers)
        CHECK(dies_after(Kind::tts, handlers, handlers % 2 == 0, long_text) == State::succeeded);
}

TEST_CASE("a codec that breaks never costs a second purchase, and no job is forgotten") {
    Breaking provider;
    EngineWorldOptions options;
    options.provider = &provider;
    EngineWorld world(options);
    const auto job = world.admit(Kind::video, EngineWorld::request(Kind::video, "job"));

    SUBCASE("before the call nothing was bought, and it is tried again") {
        provider.where = Breaking::Where::submit;
        world.run_for(1h);
        CHECK(world.bought("job") == 0);
        CHECK(world.state(job) == State::queued);
        provider.where = Breaking::Where::nowhere;
        CHECK(world.run_until_state(job, State::succeeded, 1h));
    }
    SUBCASE("after the call nobody can say") {
        provider.where = Breaking::Where::on_submit;
        CHECK(world.run_until_state(job, State::held, 1h));
        CHECK(world.bought("job") == 1);
    }
    SUBCASE("a task is asked for again") {
        provider.where = Breaking::Where::on_poll;
        world.run_for(1h);
        CHECK(world.state(job) == State::running);
        provider.where = Breaking::Where::nowhere;
        CHECK(world.run_until_state(job, State::succeeded, 1h));
        CHECK(world.bought("job") == 1);
    }
    SUBCASE("an artifact is fetched again") {
        provider.where = Breaking::Where::on_link;
        world.run_for(1h);
        CHECK(world.state(job) == State::fetching);
        provider.where = Breaking::Where::nowhere;
        CHECK(world.run_until_state(job, State::succeeded, 1h));
        CHECK(world.bought("job") == 1);
    }
    CHECK_FALSE(world.log().empty());
}

TEST_CASE("what the database has forgotten is brought home from the spool, not bought again") {
    Breaking provider("minimax.music");
    EngineWorldOptions options;
    options.provider = &provider;
    EngineWorld world(options);
    const std::string reply = reply_of_a_song(world);
    REQUIRE(workers::parse_spool(reply).has_value());
    const auto job = admit_while_paused(world);
    const proto::JobId id = world.job(job).id;

    SUBCASE("of the send that comes next") {
        world.files().replace_now(workers::spool_path(id, 1), reply);
    }
    SUBCASE("of a later one") {
        world.files().replace_now(workers::spool_path(id, 3), reply);
    }
    SUBCASE("of the latest, behind what was cut off") {
        world.files().replace_now(workers::spool_path(id, 1), reply.substr(0, 100));
        world.files().replace_now(workers::spool_path(id, 2), reply);
        world.files().replace_now(workers::spool_path(id, 3), reply.substr(0, 100));
    }
    SUBCASE("also if it cannot be read for a while, through a stop and a death") {
        world.files().replace_now(workers::spool_path(id, 2), reply);
        world.files().set_unreadable(true);
        CHECK(world.ask(queue::Pause{"", false, ""}).errc == queue::Errc::ok);
        world.run_for(10min);
        CHECK(world.state(job) == State::submitting);
        world.restart(1min);
        world.files().set_unreadable(true);
        world.run_for(10min);
        world.crash(false, 1);
    }
    CHECK(world.ask(queue::Pause{"", false, ""}).errc == queue::Errc::ok);
    CHECK(world.run_until_state(job, State::succeeded, 1h));
    CHECK(world.job(job).send == 1);
    CHECK(world.bought("job") == 0);
}

TEST_CASE("a forgotten reply over which a codec breaks is asked about, not bought again") {
    Breaking provider("minimax.music");
    EngineWorldOptions options;
    options.provider = &provider;
    EngineWorld world(options);
    const std::string reply = reply_of_a_song(world);
    const auto job = admit_while_paused(world);
    world.files().replace_now(workers::spool_path(world.job(job).id, 1), reply);

    provider.where = Breaking::Where::on_submit;
    CHECK(world.ask(queue::Pause{"", false, ""}).errc == queue::Errc::ok);
    CHECK(world.run_until_state(job, State::held, 1h));
    CHECK(world.bought("job") == 0);
}

TEST_CASE("a codec that breaks over a paid reply leaves the whole of it in the spool") {
    Breaking provider("minimax.music");
    provider.where = Breaking::Where::on_submit;
    EngineWorldOptions options;
    options.provider = &provider;
    EngineWorld world(options);
    const auto job = world.admit(Kind::music, EngineWorld::request(Kind::music, "job"));

    CHECK(world.run_until_state(job, State::held, 1h));
    world.restart(1min);
    world.run_for(1h);

    const auto kept = world.files().list_now("spool");
    REQUIRE(kept.size() == 1);
    CHECK(workers::parse_spool(world.files().read_now("spool/" + kept[0]).bytes).has_value());
    CHECK(world.bought("job") == 1);
}

TEST_CASE("the job whose bytes are worked on is noted, and nobody in between") {
    Breaking provider;
    EngineWorldOptions options;
    options.provider = &provider;
    EngineWorld world(options);
    std::uint64_t passes = 0;
    const auto job = world.admit(Kind::video, EngineWorld::request(Kind::video, "job"));
    provider.on_pass = [&] {
        ++passes;
        CHECK(world.on_cpu() == job.value);
    };

    const bool done = world.run_until(
        [&] {
            CHECK(world.on_cpu() == 0);
            return world.state(job) == State::succeeded;
        },
        1h);

    CHECK(done);
    CHECK(passes >= 4);
}
