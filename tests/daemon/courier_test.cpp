#include "daemon/hooks/courier.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>

#include "daemon/hooks/hooks.hpp"
#include "daemon/hooks/web_hook.hpp"
#include "queue/verify.hpp"
#include "tests/support/fake_http.hpp"
#include "tests/support/inline_queue.hpp"
#include "tests/support/job_factory.hpp"
#include "tests/support/sim_clock.hpp"

using namespace genspool;
using namespace genspool::daemon;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// Takes what it is told, or fails as it was told to, after a while.
class FakeHook : public hooks::Hook {
public:
    explicit FakeHook(workers::Clock& clock) : clock_(clock) {}

    bool wants(const queue::JobView& job) const override { return job.spec.custom_id != "no"; }

    asio::awaitable<hooks::Outcome> tell(hooks::Message message) override {
        ++under_way;
        most_at_once = std::max(most_at_once, under_way);
        const bool slept = co_await clock_.sleep_until(clock_.now() + 1s);
        --under_way;
        hooks::Outcome outcome;
        if (!slept) {
            outcome.error = "cancelled";
            co_return outcome;
        }
        if (throws && throws(message)) throw std::runtime_error("a mistake of ours");
        told.push_back(message.id);
        if (fails && fails(message)) outcome.error = "no";
        co_return outcome;
    }

    std::vector<std::string> told;
    std::function<bool(const hooks::Message&)> fails;
    std::function<bool(const hooks::Message&)> throws;
    int under_way = 0;
    int most_at_once = 0;

private:
    workers::Clock& clock_;
};

/// A queue, a clock, and one courier on them.
class World {
public:
    explicit World(queue::QueueOptions options = tests::queue_options())
        : clock(io, proto::Instant{proto::Duration{1'800'000'000'000}}),
          queue(
              std::make_shared<tests::ForgetfulDisk>(), std::move(options),
              [this] { return clock.now(); }, 7),
          hook(clock) {
        queue.on_commit([this](proto::EventSeq last, bool) {
            if (courier) courier->on_events(last);
        });
    }

    ~World() {
        stop();
        for (const std::string& sentence : queue::verify(queue.core().store()).broken)
            FAIL_CHECK(sentence);
    }

    void start(std::size_t waiting_max = 1'000) {
        hooks::CourierOptions options;
        options.name = "ops";
        options.tells = {proto::State::canceled};
        options.waiting_max = waiting_max;
        const auto on_error = [](std::string_view, const std::exception_ptr&) {};
        courier = std::make_unique<hooks::Courier>(io.get_executor(), queue, clock, hook, options,
                                                   on_error);
        group = std::make_unique<workers::TaskGroup>(io.get_executor(), on_error);
        courier->start(*group);
        clock.settle();
    }

    void stop() {
        if (!courier) return;
        bool stopped = false;
        asio::co_spawn(io, courier->stop(), [&](const std::exception_ptr&) { stopped = true; });
        clock.settle();
        REQUIRE(stopped);
        courier.reset();
        group.reset();
    }

    /// A job that is canceled at once; the id of the event that says so.
    std::string canceled_job(const std::string& custom_id = "") {
        queue::AdmitOne job = tests::video_job();
        job.spec.custom_id = custom_id;
        const auto admitted = std::get<queue::Admitted>(queue.ask(queue::Admit{job}).body);
        queue::Act act;
        act.job = admitted.id.seq();
        act.actor.admin = true;
        REQUIRE(queue.ask(act).errc == queue::Errc::ok);
        return admitted.id.text() + "." + std::to_string(last_event().value);
    }

    proto::EventSeq last_event() {
        proto::EventSeq last;
        queue.read([&](const queue::Reader& reader) { last = reader.stats().last_event; });
        return last;
    }

    std::vector<queue::NoteEvent> notes() {
        std::vector<queue::NoteEvent> found;
        queue.read([&](const queue::Reader& reader) {
            found = reader.event_notes(hooks::Courier::cursor_of("ops"), {}, 100);
        });
        return found;
    }

    std::vector<std::string> cursors() {
        std::vector<std::string> found;
        queue.read([&](const queue::Reader& reader) { found = reader.cursors(); });
        return found;
    }

    std::size_t tell_again(hooks::Again which) {
        std::size_t count = 0;
        asio::co_spawn(io, courier->tell_again(which),
                       [&](const std::exception_ptr&, std::size_t told) { count = told; });
        clock.settle();
        return count;
    }

    asio::io_context io;
    tests::SimClock clock;
    tests::InlineQueue queue;
    FakeHook hook;
    std::unique_ptr<hooks::Courier> courier;
    std::unique_ptr<workers::TaskGroup> group;
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a hook is told of what happens from when it is there, and of what it wants") {
    World world;
    world.canceled_job();
    world.start();
    const std::string one = world.canceled_job();
    world.canceled_job("no");
    const std::string two = world.canceled_job();

    world.clock.advance(10s);

    CHECK(world.hook.told == Ids{one, two});
    CHECK(world.notes().empty());
    CHECK(world.courier->standing().taken == 2);
    CHECK(world.courier->standing().behind == 0);
    CHECK(world.cursors() == std::vector<std::string>{"hook:ops"});
}

TEST_CASE("after a start it goes on where it was") {
    World world;
    world.start();
    const std::string one = world.canceled_job();
    world.clock.advance(10s);
    world.stop();
    const std::string two = world.canceled_job();

    world.start();
    world.clock.advance(10s);

    CHECK(world.hook.told == Ids{one, two});
}

TEST_CASE("an attempt that a stop cut off is made again") {
    World world;
    world.start();
    const std::string one = world.canceled_job();
    world.clock.advance(500ms);
    REQUIRE(world.hook.under_way == 1);
    world.stop();
    CHECK(world.hook.told.empty());

    world.start();
    world.clock.advance(10s);

    CHECK(world.hook.told == Ids{one});
    CHECK(world.courier->standing().failed == 0);
}

TEST_CASE("what was not taken is told again, also after a start, and others are not kept waiting") {
    World world;
    world.start();
    bool down = true;
    const std::string one = world.canceled_job();
    world.hook.fails = [&](const hooks::Message& message) { return down && message.id == one; };
    world.clock.advance(2s);
    const std::string two = world.canceled_job();
    world.clock.advance(2s);
    CHECK(world.hook.told == Ids{one, two});
    CHECK(world.notes().size() == 1);
    CHECK(world.courier->standing().waiting == 1);
    CHECK(world.courier->standing().error == "no");

    world.stop();
    world.start();
    CHECK(world.courier->standing().waiting == 1);
    down = false;
    world.clock.advance(10s);

    CHECK(world.hook.told == Ids{one, two, one});
    CHECK(world.notes().empty());
    CHECK(world.courier->standing().waiting == 0);
}

TEST_CASE("an attempt that throws has failed, and the others are made") {
    World world;
    world.start();
    Ids all;
    for (int n = 0; n < 8; ++n)
        all.push_back(world.canceled_job());
    std::size_t thrown = 0;
    world.hook.throws = [&](const hooks::Message&) { return ++thrown <= 4; };
    world.clock.advance(3s);
    CHECK(world.hook.told == Ids(all.begin() + 4, all.end()));
    CHECK(world.notes().size() == 4);
    world.clock.advance(10s);
    CHECK(world.hook.told.size() == 8);
    CHECK(world.notes().empty());
}

TEST_CASE("what was taken before a stop is not told again") {
    World world;
    world.start();
    Ids all;
    for (int n = 0; n < 6; ++n)
        all.push_back(world.canceled_job());
    world.clock.advance(1s);
    REQUIRE(world.hook.told == Ids(all.begin(), all.begin() + 4));
    world.stop();
    CHECK(world.notes().empty());
    world.start();
    world.clock.advance(10s);
    CHECK(world.hook.told == all);
}

TEST_CASE("an event that nobody takes is given up, and can be told again by a person") {
    World world;
    world.start();
    bool down = true;
    world.hook.fails = [&](const hooks::Message&) { return down; };
    const std::string one = world.canceled_job();
    world.clock.advance(80h);
    CHECK(world.hook.told.size() == 12);
    REQUIRE(world.notes().size() == 1);
    CHECK(hooks::parse_attempts(world.notes().front().value)->given_up);
    CHECK(world.courier->standing().waiting == 0);
    world.stop();
    world.start();
    world.clock.advance(80h);
    CHECK(world.hook.told.size() == 12);

    down = false;
    CHECK(world.tell_again({}) == 1);
    world.clock.advance(2s);

    CHECK(world.hook.told.size() == 13);
    CHECK(world.notes().empty());
    CHECK(world.tell_again({}) == 0);
}

TEST_CASE("an event that was taken can be told again by its number") {
    World world;
    world.start();
    const std::string one = world.canceled_job();
    const proto::EventSeq event = world.last_event();
    world.clock.advance(2s);
    REQUIRE(world.hook.told == Ids{one});

    CHECK(world.tell_again({event}) == 1);
    world.clock.advance(2s);
    CHECK(world.hook.told == Ids{one, one});
    CHECK(world.notes().empty());

    CHECK(world.tell_again({proto::EventSeq{event.value + 1}}) == 0);
    world.canceled_job("no");
    world.clock.advance(2s);
    CHECK(world.tell_again({world.last_event()}) == 0);
}

TEST_CASE("a hook that is down holds up only itself: the log is read on when it has caught up") {
    World world;
    world.start(2);
    bool down = true;
    world.hook.fails = [&](const hooks::Message&) { return down; };
    std::map<std::string, int> told;
    std::vector<std::string> all;
    for (int n = 0; n < 100; ++n)
        all.push_back(world.canceled_job());
    world.clock.advance(60s);
    CHECK(world.courier->standing().waiting < 40);
    CHECK(world.courier->standing().behind > 0);
    CHECK(world.hook.most_at_once == 4);

    down = false;
    world.clock.advance(1h);

    for (const std::string& id : all)
        CHECK(std::ranges::count(world.hook.told, id) >= 1);
    CHECK(world.courier->standing().waiting == 0);
    CHECK(world.courier->standing().behind == 0);
}

TEST_CASE("retention leaves alone what waits to be told") {
    queue::QueueOptions options = tests::queue_options();
    options.retain_events = options.retain_jobs = 1min;
    World world(options);
    world.start();
    bool down = true;
    world.hook.fails = [&](const hooks::Message&) { return down; };
    const std::string one = world.canceled_job();
    world.clock.advance(2s);
    for (int minute = 0; minute < 60; ++minute) {
        world.clock.advance(1min);
        world.queue.tick();
    }
    down = false;
    world.clock.advance(2h);
    CHECK(world.hook.told.back() == one);
    CHECK(world.courier->standing().taken == 1);

    world.canceled_job();
    world.clock.advance(3min);
    world.queue.tick();
    world.queue.read(
        [](const queue::Reader& reader) { CHECK(reader.stats().first_event.value > 2); });
}

TEST_CASE("a hook that is configured no more keeps nothing from retention") {
    World world;
    world.start();
    world.hook.fails = [](const hooks::Message&) { return true; };
    world.canceled_job();
    world.clock.advance(2s);
    world.stop();
    REQUIRE(world.cursors().size() == 1);
    REQUIRE(world.notes().size() == 1);

    tests::FakeHttp http(world.clock, [](const workers::HttpCall&) { return tests::FakeAnswer{}; });
    const Config config;
    const auto on_error = [](std::string_view, const std::exception_ptr&) {};
    hooks::Hooks none(world.io.get_executor(), world.queue, world.clock, http, config, "/a",
                      on_error);
    workers::TaskGroup group(world.io.get_executor(), on_error);
    none.start(group);
    world.clock.settle();

    CHECK(world.cursors().empty());
    CHECK(world.notes().empty());
    CHECK(none.find("ops") == nullptr);
}

namespace {

/// What becomes of a message that is posted and answered like that.
hooks::Outcome told(const tests::FakeAnswer& answer, workers::HttpCall* seen = nullptr,
                    bool of_the_job = false) {
    asio::io_context io;
    tests::SimClock clock(io, proto::Instant{1'800'000'000s});
    tests::FakeHttp http(clock, [&](const workers::HttpCall&) { return answer; });
    hooks::WebHookOptions options;
    if (!of_the_job) options.url = "https://ops.example.org/hook";
    options.secrets.emplace_back("0123456789abcdef01234567");
    hooks::WebHook hook(http, clock, options);
    hooks::Message message;
    message.id = "01K.7";
    message.body = "{}";
    message.job.spec.webhook = "https://mine.example.org/";
    CHECK(hook.wants(message.job));
    hooks::Outcome outcome;
    asio::co_spawn(io, hook.tell(message),
                   [&](const std::exception_ptr& error, hooks::Outcome came) {
                       CHECK(error == nullptr);
                       outcome = std::move(came);
                   });
    clock.run();
    if (seen != nullptr) *seen = http.calls().at(0);
    return outcome;
}

std::string header(const workers::HttpCall& call, std::string_view name) {
    for (const workers::HttpHeader& each : call.headers)
        if (each.name == name) return each.value;
    return "(not there)";
}

}  // namespace

TEST_CASE("an address is posted a signed CloudEvent") {
    workers::HttpCall call;
    CHECK(told({}, &call).error.empty());
    CHECK(call.method == "POST");
    CHECK(call.url == "https://ops.example.org/hook");
    CHECK(call.public_hosts_only);
    CHECK(header(call, "Content-Type") == "application/cloudevents+json");
    CHECK(header(call, "webhook-id") == "01K.7");
    CHECK(header(call, "webhook-timestamp") == "1800000000");
    CHECK(header(call, "webhook-signature").starts_with("v1,"));
    CHECK(call.body == "{}");
}

TEST_CASE("without an address of its own the job's is told") {
    workers::HttpCall call;
    CHECK(told({}, &call, true).error.empty());
    CHECK(call.url == "https://mine.example.org/");
}

TEST_CASE("only a 2xx takes a message") {
    for (const int status : {200, 202, 204, 299}) {
        tests::FakeAnswer answer;
        answer.status = status;
        CHECK(told(answer).error.empty());
    }
    for (const int status : {301, 307, 400, 401, 404, 410, 429, 500, 503}) {
        tests::FakeAnswer answer;
        answer.status = status;
        CAPTURE(status);
        const hooks::Outcome outcome = told(answer);
        CHECK(outcome.error == "it answered " + std::to_string(status));
        CHECK(outcome.hopeless == (status == 410));
    }
    tests::FakeAnswer busy;
    busy.status = 503;
    busy.headers.push_back({"Retry-After", "120"});
    CHECK(told(busy).at_least == 120s);
    tests::FakeAnswer lost;
    lost.progress = workers::HttpProgress::sent;
    CHECK_FALSE(told(lost).error.empty());
}
