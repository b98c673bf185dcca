#include "queue/fetch_patience.hpp"

#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;
using proto::State;

TEST_CASE("who could fetch nothing for days has an hour to try before anything is given up") {
    TestQueue queue;
    const auto trouble = [&](const Work& work) {
        queue.report(work, FetchLater{queue.now + hour / 4, "no route"});
        return queue.state(work.record.seq);
    };
    Work work = queue.fetching();
    const JobSeq job = work.record.seq;
    CHECK(trouble(work) == State::fetching);
    SUBCASE("the disk was full") {
        queue.ask(SetDiskGate{DiskGate::no_fetch});
        queue.pass(72 * hour);
        queue.ask(SetDiskGate{DiskGate::open});
    }
    SUBCASE("the daemon was away") {
        queue.now += 72 * hour;
        queue.restart();
    }
    for (int time = 0; time < 4; ++time) {
        CHECK(trouble(queue.claim_one()) == State::fetching);
        queue.pass(hour / 4);
    }
    CHECK(trouble(queue.claim_one()) == State::failed);
    CHECK(queue.record(job).failure->code == "artifact.patience");
}
