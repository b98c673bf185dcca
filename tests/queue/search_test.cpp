// What the upstream's list proves about sends that were never answered.
#include "queue/search.hpp"

#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

using namespace genspool;
using namespace genspool::queue;
using namespace genspool::tests;
using proto::JobSeq;
using proto::Listed;
using proto::State;

namespace {

const proto::Instant sent{proto::Duration(1'800'000'000'000)};

Listed entry(const std::string& task, proto::Duration after_send) {
    return {task, "clip", sent + after_send};
}

/// "found T", "absent", "open" and what is told.
std::string verdict(const std::vector<Listed>& unowned, const std::vector<Claimant>& rivals = {},
                    bool whole = true, proto::Duration after_send = 10 * minute) {
    Searched report;
    report.listed = 7;
    report.whole = whole;
    report.begun = sent + after_send;
    const Judgement said = judge({sent, "clip"}, unowned, rivals, report);
    if (said.kind == Judgement::Kind::found) return "found " + said.tasks.at(0);
    return (said.kind == Judgement::Kind::absent ? "absent: " : "open: ") + said.words;
}

QueueOptions searchable() {
    QueueOptions options = queue_options();
    options.ops[0].unknown_window = 15 * minute;
    return options;
}

/// A send that was never answered; its search is not handed out yet.
JobSeq lost(TestQueue& queue, const std::string& prompt) {
    const Work work = queue.submitting(listed_job(prompt));
    queue.report(work, Ambiguous{"reset"});
    return work.record.seq;
}

/// Answers all searches that are due with this list, which was read for so long.
void search(TestQueue& queue, const std::vector<Listed>& list, proto::Duration read_for = {}) {
    const proto::Instant begun = queue.now;
    const std::vector<Work> due = queue.claim();
    queue.now += read_for;
    for (const Work& work : due) {
        if (work.kind != WorkKind::reconcile) continue;
        Searched report = seen(list, begun);
        report.search_at = queue.now + minute;
        report.poll_at = queue.now + hour;
        queue.report(work, report);
    }
}

}  // namespace

TEST_CASE("an entry whose text was made anew may be its own, and is so only by its own words") {
    const Listed retold{"task-2", "a clip, told anew", sent + second};
    CHECK(verdict({retold}) ==
          "open: its list shows task-2, whose text may have been made of this job's");
    CHECK(verdict({entry("task-1", second), retold}) == "found task-1");
    const Listed of_yesterday{"task-3", "another clip", sent - hour};
    CHECK(verdict({of_yesterday}).starts_with("absent"));
}

TEST_CASE("a purchase of several tasks is adopted whole") {
    Listed four = entry("task-1", second);
    four.others = {"task-2", "task-3", "task-4"};
    CHECK(verdict({four}) == "found task-1");
    TestQueue queue(searchable());
    const JobSeq job = lost(queue, "fox");
    four.made_at = queue.now;

    search(queue, {four});

    CHECK(queue.state(job) == State::running);
    CHECK(queue.record(job).tasks.size() == 4);
}

TEST_CASE("a purchase of which another job has a part is neither adopted nor bought again") {
    TestQueue queue(searchable());
    queue.running("task-2");
    const JobSeq job = lost(queue, "fox");
    queue.pass(10 * minute);
    for (const Work& work : queue.claim()) {
        if (work.kind != WorkKind::reconcile) continue;
        Searched report = seen({});
        report.search_at = queue.now + minute;
        report.own = Listed{"task-1", {}, std::nullopt};
        report.own->others = {"task-2"};
        queue.report(work, report);
    }

    CHECK(queue.state(job) == State::unknown);
    CHECK(queue.record(job).reason.find("but another job has it") != std::string::npos);
}

TEST_CASE(
    "the entry with a send's own name is its own, whatever else there is and whenever it is") {
    TestQueue queue(searchable());
    const JobSeq job = lost(queue, "fox");
    lost(queue, "fox and hound");
    queue.ask(NoteClock{"main", 6 * minute});
    for (const Work& work : queue.claim()) {
        if (work.kind != WorkKind::reconcile || work.record.seq != job) continue;
        Searched report = seen({});
        report.clock_ahead.reset();
        report.whole = false;
        report.own = Listed{"task-9", {}, std::nullopt};
        queue.report(work, report);
    }

    CHECK(queue.state(job) == State::running);
    CHECK(queue.record(job).tasks.at(0).id == "task-9");
    CHECK(queue.story(job) == "admitted claimed ambiguous adopted");
}

TEST_CASE("an entry of the send's time that nobody else can have bought is its own") {
    CHECK(verdict({entry("T", second)}) == "found T");
    CHECK(verdict({entry("T", -minute)}) == "found T");
    CHECK(verdict({entry("T", 2 * minute)}, {}, false, 3 * minute) == "found T");
    CHECK(verdict({entry("T", second)}, {{sent - hour, false, "J"}}) == "found T");
    CHECK(verdict({{"T", "", sent}}) == "open: its list shows T, but not enough of it");
}

TEST_CASE("what another send may have bought as well is nobody's yet") {
    const Claimant other{sent + second, false, "J"};
    CHECK(verdict({entry("T", second)}, {other}) ==
          "open: its list shows T, which may be of this job or of job J");
    CHECK(verdict({entry("T", second), entry("U", second)}) ==
          "open: its list shows more than one that may be of this job: T, U");
}

TEST_CASE("an entry without a time may be anybody's, and is nobody's evidence") {
    const Listed untimed{"T", "clip", std::nullopt};
    CHECK(verdict({untimed}) == "open: its list shows T, but not enough of it");
    CHECK(verdict({untimed, entry("U", second)}) ==
          "open: its list shows more than one that may be of this job: T, U");
    CHECK(verdict({untimed}, {{sent - hour, false, "J"}}) ==
          "open: its list shows T, which may be of this job or of job J");
}

TEST_CASE("of a send from before a clock was set any entry may be, and none is for certain") {
    CHECK(verdict({entry("T", second)}, {{std::nullopt, false, "J"}}) ==
          "open: its list shows T, which may be of this job or of job J");
    CHECK(verdict({entry("T", second)}, {{std::nullopt, true, "J"}}) == "found T");
    CHECK(verdict({entry("T", second), entry("U", second)}, {{std::nullopt, true, "J"}}) ==
          "open: its list shows more than one that may be of this job: T, U");
    CHECK(verdict({entry("T", -hour)}, {{std::nullopt, false, "J"}}) ==
          "open: its list shows T, which nobody here has bought, and whose time does not fit");
}

TEST_CASE("of equal requests each may take any of their tasks, but not one too many") {
    const Claimant twin{sent + second, true, "J"};
    CHECK(verdict({entry("T", second)}, {twin}) == "found T");
    CHECK(verdict({entry("T", second), entry("U", second)}, {twin}) == "found T");
    CHECK(verdict({entry("T", 0 * second), entry("U", second), entry("V", second)}, {twin}) ==
          "open: its list shows more than one that may be of this job: T, U, V");
}

TEST_CASE("only a whole list that had time to fill proves that nothing was bought") {
    CHECK(verdict({}) == "absent: its list of 7 shows none that this send can have bought");
    CHECK(verdict({}, {}, false) == "open: its list could not be read as far back as the send");
    CHECK(verdict({}, {}, true, minute) == "open: its list does not show it yet");
    CHECK(verdict({entry("T", -hour)}) ==
          "open: its list shows T, which nobody here has bought, and whose time does not fit");
    CHECK(verdict({entry("T", -hour)}, {{sent - hour, false, "J"}}).substr(0, 6) == "absent");
    CHECK(verdict({entry("T", -2 * day)}).substr(0, 6) == "absent");
}

TEST_CASE("a search that began too early proves nothing, however late it ends") {
    TestQueue queue(searchable());
    const JobSeq job = lost(queue, "fox");
    queue.pass(4 * minute + 5 * second);

    search(queue, {}, minute);

    CHECK(queue.state(job) == State::unknown);
    CHECK(queue.record(job).reason == "its list does not show it yet");
    queue.pass(2 * minute);
    search(queue, {});
    CHECK(queue.story(job) == "admitted claimed ambiguous proven_absent");
}

TEST_CASE("a send is late in the list by its last moment on the wire, not by its first") {
    TestQueue queue(searchable());
    const Work work = queue.submitting(listed_job("fox"));
    const JobSeq job = work.record.seq;
    queue.pass(3 * minute);
    queue.report(work, Ambiguous{"no reply"});
    queue.pass(4 * minute);

    search(queue, {});

    CHECK(queue.state(job) == State::unknown);
    SUBCASE("while it is unknown") {
        queue.pass(2 * minute);
    }
    SUBCASE("and when it is held, it is not late anew") {
        queue.pass(12 * minute);
        REQUIRE(queue.state(job) == State::held);
        queue.restart();
    }
    search(queue, {});
    CHECK(queue.state(job) == State::queued);
}

TEST_CASE("a task that a job has is no evidence for another") {
    TestQueue queue(searchable());
    const JobSeq first = queue.running("task-1", listed_job()).record.seq;
    const JobSeq job = lost(queue, "another");

    search(queue, {{"task-1", "clip", queue.now}});
    CHECK(queue.state(job) == State::unknown);
    queue.pass(6 * minute);
    search(queue, {{"task-1", "clip", queue.now - 6 * minute}});

    CHECK(queue.state(first) == State::running);
    CHECK(queue.state(job) == State::queued);
    CHECK(queue.record(job).charged == 0);
}

TEST_CASE("a task that is listed twice is one task") {
    TestQueue queue(searchable());
    const JobSeq job = lost(queue, "a storm");

    search(queue, {{"task-1", "clip", queue.now}, {"task-1", "clip", queue.now}});

    CHECK(queue.state(job) == State::running);
}

TEST_CASE("sends that cannot be told apart are held, and the tasks are named") {
    TestQueue queue(searchable());
    const JobSeq first = lost(queue, "a storm");
    const JobSeq other = lost(queue, "a calm");
    const std::vector<Listed> list{{"task-1", "clip", queue.now}, {"task-2", "clip", queue.now}};
    search(queue, list);
    CHECK(queue.state(first) == State::unknown);

    queue.pass(14 * minute);
    search(queue, list);
    queue.pass(2 * minute);
    CHECK(queue.state(first) == State::held);
    CHECK(queue.record(first).reason.find("task-1, task-2") != std::string::npos);

    // Who says so may be wrong, and then task-1 is of this job and not of the other.
    queue.act(first, Verb::resolve_adopt, false, {"task-2"});
    queue.pass(20 * minute);
    search(queue, list);
    CHECK(queue.state(other) == State::held);
}

TEST_CASE("a held job is bought after all when the one task that it might have is another's") {
    TestQueue queue(searchable());
    const JobSeq first = lost(queue, "a storm");
    const JobSeq other = lost(queue, "a calm");
    const std::vector<Listed> list{{"task-1", "clip", queue.now}};
    queue.pass(14 * minute);
    search(queue, list);
    queue.pass(2 * minute);
    REQUIRE(queue.state(other) == State::held);

    queue.act(first, Verb::resolve_adopt, false, {"task-1"});
    queue.restart();
    search(queue, list);

    CHECK(queue.state(other) == State::queued);
    CHECK(queue.money(other) == "released 490000");
}

TEST_CASE("a send in doubt is in the way long after its slot was given up") {
    TestQueue queue(searchable());
    const JobSeq first = lost(queue, "a storm");
    queue.pass(minute);
    const JobSeq other = lost(queue, "a calm");
    const std::vector<Listed> list{{"task-1", "clip", queue.now}};
    queue.pass(2 * hour);
    REQUIRE(queue.taken() == 0);
    queue.act(first, Verb::resolve_lost);
    queue.restart();

    search(queue, list);

    CHECK(queue.state(first) == State::failed);
    CHECK(queue.state(other) == State::held);
}

TEST_CASE("who was sent before a clock was set may have bought what is listed since") {
    TestQueue queue(searchable());
    const JobSeq first = lost(queue, "a storm");
    queue.pass(minute);
    queue.ask(NoteClock{"main", 6 * minute});
    queue.pass(second);
    const JobSeq other = lost(queue, "a calm");

    for (const Work& work : queue.claim()) {
        Searched report = seen({{"task-1", "clip", queue.now + 6 * minute}});
        report.clock_ahead = 6 * minute;
        report.search_at = queue.now + hour;
        queue.report(work, report);
    }

    CHECK(queue.state(first) == State::unknown);
    CHECK(queue.state(other) == State::unknown);
    CHECK(queue.record(other).reason.find("may be of this job or of job " +
                                          queue.record(first).id.text()) != std::string::npos);
}

TEST_CASE("equal requests are all found, and what was not taken is bought again") {
    TestQueue queue(searchable());
    std::vector<JobSeq> jobs;
    for (int i = 0; i < 3; ++i)
        jobs.push_back(lost(queue, "the same"));
    const std::vector<Listed> list{{"task-1", "clip", queue.now}, {"task-2", "clip", queue.now}};
    search(queue, list);
    queue.pass(6 * minute);
    search(queue, list);

    std::size_t running = 0;
    std::size_t queued = 0;
    for (const JobSeq job : jobs) {
        if (queue.state(job) == State::running) ++running;
        if (queue.state(job) == State::queued) ++queued;
    }
    CHECK(running == 2);
    CHECK(queued == 1);
}

TEST_CASE("a held job is not looked for longer than the upstream's list goes back") {
    TestQueue queue(searchable());
    const JobSeq job = lost(queue, "a storm");
    queue.pass(16 * minute);
    REQUIRE(queue.state(job) == State::held);

    queue.pass(8 * day);
    const Work last = queue.claim_one();
    queue.report(last, Unchanged{queue.now + minute, {}});
    queue.pass(day);

    CHECK(queue.claim().empty());
}
