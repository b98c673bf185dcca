#include "daemon/service_status.hpp"

#include <doctest/doctest.h>

using namespace genspool;

namespace {

queue::Stats some_jobs() {
    queue::Stats stats;
    const auto set = [&stats](proto::State state, std::uint64_t count) {
        stats.by_state.at(static_cast<std::size_t>(state)) = count;
    };
    set(proto::State::blocked, 1);
    set(proto::State::queued, 20);
    set(proto::State::submitting, 3);
    set(proto::State::running, 400);
    set(proto::State::unknown, 5000);
    set(proto::State::held, 7);
    set(proto::State::succeeded, 90'000);
    return stats;
}

}  // namespace

TEST_CASE("the status line counts what is to be done, and by how many accounts") {
    CHECK(daemon::status_line(some_jobs(), {.accounts = 2, .stopping = false, .notice = ""}) ==
          "21 waiting, 5403 under way, 7 held; 2 accounts");
    CHECK(daemon::status_line(some_jobs(), {}) ==
          "21 waiting, 5403 under way, 7 held; no account is configured: jobs are taken, nothing "
          "is bought");
}

TEST_CASE("the status line says first what is in the way") {
    queue::Stats stats = some_jobs();
    stats.paused = true;
    stats.paused_reason = "lunch";
    stats.disk = queue::DiskGate::no_intake;
    CHECK(daemon::status_line(stats, {.accounts = 1, .stopping = true, .notice = "look"}) ==
          "stopping; paid requests on the wire: 3; look; the disk is full: no job is taken; "
          "paused (lunch); 21 waiting, 5403 under way, 7 held; 1 account");
}
