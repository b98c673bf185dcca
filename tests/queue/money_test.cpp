#include <doctest/doctest.h>

#include "queue/keys.hpp"
#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;

/// "reserved/spent/uncertain" in micros.
std::string total(const TestQueue& queue, const std::string& key) {
    const auto bytes = queue.core().store().get(key);
    if (!bytes) return "none";
    const auto row = decode<TotalRow>(*bytes);
    REQUIRE(row);
    return std::to_string(row->reserved) + "/" + std::to_string(row->spent) + "/" +
           std::to_string(row->uncertain);
}

constexpr std::uint8_t usd = static_cast<std::uint8_t>(proto::Unit::usd);

std::string of_day(const TestQueue& queue, proto::Instant at) {
    return total(queue, keys::total('d', proto::format_day(at), {}, usd));
}

std::string of_account(const TestQueue& queue, const std::string& name, proto::Instant at) {
    return total(queue, keys::total('a', proto::format_day(at), name, usd));
}

std::string of_batch(const TestQueue& queue, proto::BatchSeq batch) {
    std::string number;
    keys::put_u64(number, batch.value);
    return total(queue, keys::total('b', {}, number, usd));
}

}  // namespace

TEST_CASE("day and account are summed up in the commit that moves the money") {
    TestQueue queue(queue_options(), {account("main", 2), account("other", 1)});
    const Work one = queue.submitting();
    const Work two = queue.submitting(music_job());
    CHECK(of_day(queue, queue.now) == "640000/0/0");

    queue.report(one, Ambiguous{"reset"});
    queue.report(two, DeliveredAtOnce{films(1), {}});

    CHECK(of_day(queue, queue.now) == "0/150000/490000");
    CHECK(of_account(queue, one.record.account, queue.now) == "0/150000/490000");
    CHECK(of_account(queue, "other", queue.now) == "none");
    queue.restart();
    CHECK(of_day(queue, queue.now) == "0/150000/490000");
}

TEST_CASE("a batch is summed up over its jobs, and its view shows it") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    queue.add(batch, {video_job(), video_job(), video_job()});
    queue.seal(batch);
    const auto work = queue.claim();
    REQUIRE(work.size() == 3);

    queue.report(work[0], DeliveredAtOnce{{}, "{}"});
    queue.report(work[1], refused_as(proto::FailureClass::rejected, proto::OnCreate::not_created));

    CHECK(of_batch(queue, batch) == "490000/490000/0");
    queue.read([&](const Reader& reader) {
        const auto view = *reader.find_batch(batch);
        CHECK(view.unit == proto::Unit::usd);
        CHECK(view.reserved == 490'000);
        CHECK(view.spent == 490'000);
        CHECK(view.uncertain == 0);
    });
}

TEST_CASE("money is dated by its reserve, whenever it is settled") {
    TestQueue queue;
    const proto::Instant bought_at = queue.now;
    const Work work = queue.running();

    queue.now += 25 * hour;
    queue.report(work, Done{films(1), "Success"});

    CHECK(of_day(queue, bought_at) == "0/490000/0");
    CHECK(of_day(queue, queue.now) == "none");
    queue.read([&](const Reader& reader) {
        const auto lines = reader.ledger({}, {}, 10).lines;
        REQUIRE(lines.size() == 1);
        const LedgerRow& row = lines[0].row;
        CHECK(row.at == bought_at);
        CHECK(row.account == "main");
        CHECK(row.op == video_op);
        CHECK(row.id == work.record.id);
    });
}

TEST_CASE("each send has a row of its own, and the job knows the sums") {
    TestQueue queue;
    AdmitOne job = video_job();
    job.spec.on_unknown.policy = proto::OnUnknown::Policy::resubmit;
    const Work first = queue.submitting(job);
    queue.report(first, Ambiguous{"reset"});
    queue.pass(minute);
    const Work second_send = queue.claim_one();
    queue.report(second_send, TakenUp{{"task-1"}, queue.now});
    queue.report(queue.claim_one(), Done{films(1), "Success"});

    const auto record = queue.record(first.record.seq);
    CHECK(record.reserved == 0);
    CHECK(record.spent == 490'000);
    CHECK(record.uncertain == 490'000);
    CHECK(queue.money(first.record.seq) == "uncertain 490000, spent 490000");
}

TEST_CASE("units are never summed with each other") {
    TestQueue queue;
    AdmitOne credits = music_job();
    credits.spec.quote = proto::Money{7'000'000, proto::Unit::credits};
    queue.submitting(credits);
    queue.submitting();

    CHECK(of_day(queue, queue.now) == "490000/0/0");
    CHECK(total(queue, keys::total('d', proto::format_day(queue.now), {},
                                   static_cast<std::uint8_t>(proto::Unit::credits))) ==
          "7000000/0/0");
}

TEST_CASE("what has no price has a row without one") {
    TestQueue queue;
    AdmitOne job = video_job();
    job.spec.quote.reset();
    const Work work = queue.submitting(job);

    queue.report(work, DeliveredAtOnce{{}, "{}"});

    CHECK(queue.money(work.record.seq) == "spent 0");
    CHECK(queue.record(work.record.seq).spent == 0);
}

TEST_CASE("an account shows what it spent today") {
    TestQueue queue;
    queue.report(queue.submitting(), DeliveredAtOnce{{}, "{}"});
    queue.submitting();

    queue.read([&](const Reader& reader) {
        const auto view = reader.accounts().at(0);
        CHECK(view.spent_today == proto::Money{490'000, proto::Unit::usd});
        CHECK(view.reserved_today == 490'000);
        CHECK(view.uncertain_today == 0);
    });
    queue.now += day;
    queue.settle();
    queue.read(
        [&](const Reader& reader) { CHECK(reader.accounts().at(0).spent_today.amount == 0); });
}

TEST_CASE("the ledger is paged by whole jobs") {
    TestQueue queue;
    AdmitOne job = video_job();
    job.spec.on_unknown.policy = proto::OnUnknown::Policy::resubmit;
    const Work first = queue.submitting(job);
    queue.report(first, Ambiguous{"reset"});
    queue.pass(minute);
    queue.claim();
    queue.submitting();

    queue.read([&](const Reader& reader) {
        const LedgerPage page = reader.ledger({}, {}, 1);
        CHECK(page.lines.size() == 2);
        CHECK(page.next == first.record.seq);
        CHECK(reader.ledger({}, page.next, 1).lines.size() == 1);
        CHECK(reader.ledger({}, {}, 10).lines.size() == 3);
        CHECK_FALSE(reader.ledger({}, {}, 10).next);
    });
}

TEST_CASE("ledger rows outlive their job") {
    QueueOptions options = queue_options();
    options.retain_jobs = hour;
    TestQueue queue(options);
    const Work work = queue.submitting();
    queue.report(work, DeliveredAtOnce{{}, "{}"});
    queue.pass(2 * hour);

    CHECK_FALSE(queue.exists(work.record.seq));
    CHECK(queue.money(work.record.seq) == "spent 490000");
    CHECK(of_day(queue, queue.now - 2 * hour) == "0/490000/0");
}
