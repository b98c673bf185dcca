#include <doctest/doctest.h>

#include <array>

#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;
using proto::State;

Configure with_day_budget(proto::Micros usd,
                          std::vector<AccountSetup> accounts = {account("main")}) {
    return {std::move(accounts), {{proto::Unit::usd, usd}}};
}

AdmitOne costing(proto::Micros usd, const std::string& principal = "uid:1000") {
    AdmitOne job = video_job();
    job.spec.quote = proto::Money{usd, proto::Unit::usd};
    job.spec.principal = principal;
    return job;
}

AdmitOne unpriced() {
    AdmitOne job = video_job();
    job.spec.quote.reset();
    return job;
}

/// The gates of this name that a queued job waits for.
std::vector<Gate> gates(const TestQueue& queue, JobSeq job, const std::string& name) {
    std::vector<Gate> found;
    queue.read([&](const Reader& reader) {
        const auto why = reader.explain(job);
        for (const Gate& gate : why->gates)
            if (gate.name == name) found.push_back(gate);
    });
    return found;
}

std::vector<JobSeq> jobs_of(const std::vector<Work>& work) {
    std::vector<JobSeq> jobs;
    for (const Work& step : work)
        jobs.push_back(step.record.seq);
    return jobs;
}

using Jobs = std::vector<JobSeq>;

}  // namespace

TEST_CASE("a day's budget closes before the purchase that would exceed it") {
    TestQueue queue;
    queue.ask(with_day_budget(1'000'000));
    const JobSeq first = queue.admit();
    const JobSeq second = queue.admit();
    const JobSeq third = queue.admit();

    CHECK(jobs_of(queue.claim()) == Jobs{first, second});
    CHECK(queue.state(third) == State::queued);
    const auto closed = gates(queue, third, "budget");
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].detail ==
          "0.98 USD of the day's budget of 1 USD are spent, reserved or uncertain, and it costs "
          "0.49 USD");
    CHECK(closed[0].opens_at == next_utc_day(queue.now));
    REQUIRE(queue.stats().budgets.size() == 1);
    CHECK(queue.stats().budgets[0].used == 980'000);
}

TEST_CASE("what was reserved and never bought can be spent again") {
    TestQueue queue;
    queue.ask(with_day_budget(500'000));
    queue.admit();
    const JobSeq second = queue.admit();
    const Work work = queue.claim_one();
    CHECK(queue.claim().empty());

    queue.report(work, refused_as(proto::FailureClass::rejected, proto::OnCreate::not_created));
    CHECK(jobs_of(queue.claim()) == Jobs{second});
}

TEST_CASE("what is uncertain counts as spent") {
    TestQueue queue;
    queue.ask(with_day_budget(500'000));
    queue.admit();
    queue.admit();
    const Work work = queue.claim_one();

    queue.report(work, Ambiguous{"the line went dead"});
    CHECK(queue.money(work.record.seq) == "uncertain 490000");
    CHECK(queue.claim().empty());
}

TEST_CASE("with the next day the sums begin anew, by themselves") {
    TestQueue queue;
    queue.ask(with_day_budget(500'000));
    queue.admit();
    const JobSeq second = queue.admit();
    queue.claim_one();
    CHECK(queue.claim().empty());
    const proto::Instant midnight = next_utc_day(queue.now);
    CHECK(queue.inner().wake_at() <= midnight);

    queue.pass(midnight - queue.now - tests::second);
    CHECK(queue.claim().empty());
    queue.pass(tests::second);
    CHECK(jobs_of(queue.claim()) == Jobs{second});
}

TEST_CASE("a start knows what the day has cost") {
    TestQueue queue;
    queue.ask(with_day_budget(500'000));
    const Work work = queue.submitting();
    queue.report(work, TakenUp{{"task-1"}, queue.now + day});
    const JobSeq second = queue.admit();

    queue.restart();
    queue.ask(with_day_budget(500'000));
    queue.claim();
    CHECK(queue.state(second) == State::queued);
    CHECK(queue.stats().budgets.at(0).used == 490'000);
}

TEST_CASE("an account's own budget sends work elsewhere") {
    AccountSetup small = account("main");
    small.weight = 100;
    small.day_budget = 500'000;
    TestQueue queue(queue_options(), {small, account("spare")});
    queue.admit();
    queue.admit();
    AdmitOne bound = video_job();
    bound.spec.account = "main";
    const JobSeq waits = queue.admit(bound);

    const auto work = queue.claim();
    REQUIRE(work.size() == 2);
    CHECK(work[0].record.account == "main");
    CHECK(work[1].record.account == "spare");
    const auto closed = gates(queue, waits, "budget");
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].account == "main");
}

TEST_CASE("who has no money left at one account goes to the other as soon as that has a slot") {
    AccountSetup poor = account("main");
    poor.day_budget = 100'000;
    TestQueue queue(queue_options(), {poor, account("spare", 1)});
    queue.admit();
    const JobSeq second = queue.admit();
    const Work work = queue.claim_one();
    CHECK(work.record.account == "spare");
    CHECK(queue.claim().empty());

    queue.report(work, refused_as(proto::FailureClass::rejected, proto::OnCreate::not_created));
    CHECK(jobs_of(queue.claim()) == Jobs{second});
}

TEST_CASE("a batch spends no more than its budget, and nobody waits for it") {
    TestQueue queue;
    OpenBatch open;
    open.principal = "uid:1000";
    open.budget = 500'000;
    const auto batch = std::get<BatchOpened>(queue.ask(open).body).batch;
    queue.add(batch, {video_job(), video_job()});
    queue.seal(batch);
    queue.settle();
    const JobSeq alone = queue.admit();

    const auto work = queue.claim();
    REQUIRE(work.size() == 2);
    CHECK(work[0].record.batch == batch);
    CHECK(work[1].record.seq == alone);
    const JobSeq waits{work[0].record.seq.value + 1};
    const auto closed = gates(queue, waits, "budget");
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].detail.find("the batch's budget of 0.5 USD") != std::string::npos);
    CHECK_FALSE(closed[0].opens_at);

    CHECK(queue.ask(SetBatchBudget{batch, 980'000, {"uid:7", false}}).errc == Errc::not_owner);
    CHECK(queue.claim().empty());
    CHECK(queue.ask(SetBatchBudget{batch, 980'000, {"uid:1000", false}}).errc == Errc::ok);
    CHECK(jobs_of(queue.claim()) == Jobs{waits});
    CHECK(queue.ask(SetBatchBudget{{77}, {}, {"root", true}}).errc == Errc::not_found);
}

TEST_CASE("a batch's budget counts in the very turn in which it is set") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    queue.add(batch, {unpriced()});
    queue.seal(batch);
    queue.settle();
    const Actor root{"root", true};
    const auto closed = queue.ask_at_once({SetBatchBudget{batch, 5, root}, Claim{9, 9, 9, 9}});
    CHECK(std::get<Claimed>(closed[1].body).work.empty());
    const auto open = queue.ask_at_once({SetBatchBudget{batch, {}, root}, Claim{9, 9, 9, 9}});
    CHECK(std::get<Claimed>(open[1].body).work.size() == 1);
}

TEST_CASE("under a budget a job without a known price waits, and nobody behind it") {
    TestQueue queue;
    queue.ask(with_day_budget(10'000'000));
    const JobSeq waits = queue.admit(unpriced());
    const JobSeq goes = queue.admit();

    CHECK(jobs_of(queue.claim()) == Jobs{goes});
    CHECK(gates(queue, waits, "price_unknown").size() == 1);
    queue.restart();
    queue.ask(with_day_budget(10'000'000));
    CHECK(queue.claim().size() == 1);  // the recovery of the other
    CHECK(queue.state(waits) == State::queued);

    queue.ask(Configure{{account("main")}, {}});
    CHECK(jobs_of(queue.claim()) == Jobs{waits});
}

TEST_CASE("who waits for money holds up its own group only, and only as long as it is there") {
    TestQueue queue;
    queue.ask(with_day_budget(1'000'000));
    queue.admit(costing(500'000, "uid:3"));
    queue.claim_one();
    const JobSeq dear = queue.admit(costing(900'000));
    const JobSeq behind = queue.admit(costing(100'000));
    const JobSeq other = queue.admit(costing(100'000, "uid:2"));

    CHECK(jobs_of(queue.claim()) == Jobs{other});
    CHECK(gates(queue, dear, "budget").size() == 1);
    CHECK(gates(queue, behind, "budget").at(0).detail ==
          "behind " + queue.record(dear).id.text() +
              " of the same batch or submitter, which waits for money");
    queue.read([&](const Reader& reader) { CHECK(reader.explain(behind)->ahead == 1); });

    queue.act(dear, Verb::cancel);
    CHECK(jobs_of(queue.claim()) == Jobs{behind});
}

TEST_CASE("nobody waits behind a job that no day has the money for") {
    TestQueue queue;
    queue.ask(with_day_budget(1'000'000));
    const JobSeq dear = queue.admit(costing(2'000'000));
    const JobSeq behind = queue.admit(costing(100'000));
    CHECK(jobs_of(queue.claim()) == Jobs{behind});
    CHECK_FALSE(gates(queue, dear, "budget").at(0).opens_at);
    queue.read([&](const Reader& reader) { CHECK_FALSE(reader.explain(dear)->ahead); });

    queue.ask(with_day_budget(3'000'000));
    CHECK(jobs_of(queue.claim()) == Jobs{dear});
}

TEST_CASE("without a known price it goes where there is no budget, as soon as that has a slot") {
    AccountSetup main = account("main");
    main.day_budget = 5'000'000;
    TestQueue queue(queue_options(), {main, account("spare", 1)});
    queue.admit(unpriced());
    const JobSeq second = queue.admit(unpriced());
    const JobSeq third = queue.admit(unpriced());
    const Work work = queue.claim_one();
    CHECK(work.record.account == "spare");
    CHECK(queue.claim().empty());

    queue.report(work, refused_as(proto::FailureClass::rejected, proto::OnCreate::not_created));
    CHECK(jobs_of(queue.claim()) == Jobs{second});
    CHECK(queue.state(third) == State::queued);
}

TEST_CASE("what is free is done whatever has been spent") {
    TestQueue queue;
    queue.admit();
    queue.claim_one();
    queue.ask(with_day_budget(100'000));
    const JobSeq free = queue.admit(costing(0));
    CHECK(jobs_of(queue.claim()) == Jobs{free});
}

TEST_CASE("a budget that is raised lets those go that it kept") {
    TestQueue queue;
    queue.ask(with_day_budget(0));
    const JobSeq job = queue.admit();
    CHECK(queue.claim().empty());
    queue.ask(with_day_budget(490'000));
    CHECK(jobs_of(queue.claim()) == Jobs{job});
}

TEST_CASE("of those that were prepared at the same time no more is bought than there is money") {
    TestQueue queue;
    static constexpr std::array<std::string_view, 1> types{"png"};
    queue.ask(KeepBlob{std::string(64, 'a'), "image/png", false, 77});
    queue.ask(with_day_budget(500'000));
    AdmitOne job = video_job();
    const proto::FileRule rule{"image", types, 1'000};
    job.inputs = {{{"request.first_frame_image", {}, 0, std::string(64, 'a')}, rule}};
    queue.admit(job);
    queue.admit(job);

    const auto work = queue.claim();
    REQUIRE(work.size() == 2);
    queue.report(work[0], Prepared{});
    queue.report(work[1], Prepared{});
    CHECK(queue.state(work[0].record.seq) == State::submitting);
    CHECK(queue.state(work[1].record.seq) == State::queued);
}
