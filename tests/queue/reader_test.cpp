#include "queue/reader.hpp"

#include <doctest/doctest.h>

#include "tests/queue/test_queue.hpp"

namespace {

using namespace genspool;
using namespace genspool::tests;
using namespace genspool::queue;
using proto::JobSeq;
using proto::State;

std::vector<std::uint64_t> listed(const TestQueue& queue, const Filter& filter,
                                  std::size_t limit = 100, JobSeq before = {}) {
    std::vector<std::uint64_t> jobs;
    queue.read([&](const Reader& reader) {
        for (const JobView& job : reader.list(filter, before, limit).jobs)
            jobs.push_back(job.record.seq.value);
    });
    return jobs;
}

std::vector<Gate> gates_of(const TestQueue& queue, JobSeq job) {
    std::vector<Gate> gates;
    queue.read([&](const Reader& reader) { gates = reader.explain(job).value().gates; });
    return gates;
}

/// The names of the gates, in order.
std::string gate_names(const TestQueue& queue, JobSeq job) {
    std::string names;
    for (const Gate& gate : gates_of(queue, job))
        names += (names.empty() ? "" : " ") + gate.name;
    return names;
}

using Jobs = std::vector<std::uint64_t>;

std::optional<proto::Instant> oldest(const TestQueue& queue, State state) {
    Oldest all;
    queue.read([&](const Reader& reader) { all = reader.oldest(); });
    return all.at(static_cast<std::size_t>(state));
}

}  // namespace

TEST_CASE("jobs are listed newest first, page by page") {
    TestQueue queue;
    for (int job = 0; job < 7; ++job)
        queue.admit();

    queue.read([&](const Reader& reader) {
        const Page first = reader.list({}, {}, 3);
        REQUIRE(first.jobs.size() == 3);
        CHECK(first.jobs[0].record.seq.value == 7);
        const Page second_page = reader.list({}, first.next, 3);
        CHECK(second_page.jobs[0].record.seq.value == 4);
        const Page last = reader.list({}, second_page.next, 3);
        CHECK(last.jobs.size() == 1);
        CHECK_FALSE(last.next);
    });
}

TEST_CASE("a page ends early where the requests of its jobs are long, and says so") {
    TestQueue queue;
    AdmitOne job = video_job();
    job.spec.request = std::string(100U << 10U, 'x');
    for (int n = 0; n < 4; ++n)
        queue.admit(job);

    queue.read([&](const Reader& reader) {
        const Page first = reader.list({}, {}, 50);
        CHECK(first.jobs.size() == 3);
        CHECK(first.heavy);
        const Page last = reader.list({}, first.next, 50);
        CHECK(last.jobs.size() == 1);
        CHECK_FALSE(last.heavy);
        CHECK_FALSE(last.next);
        CHECK_FALSE(reader.list({}, {}, 2).heavy);
    });
}

TEST_CASE("a listing is filtered by state, kind, op, account, batch and labels") {
    TestQueue queue;
    AdmitOne labelled = video_job();
    labelled.spec.labels = {{"film", "reel-3"}, {"scene", "1"}};
    queue.admit(labelled);
    queue.admit(music_job());
    const auto batch = queue.open_batch();
    queue.add(batch, {video_job(), music_job()});
    queue.seal(batch);
    const JobSeq canceled = queue.admit();
    queue.act(canceled, Verb::cancel);
    std::get<Claimed>(queue.ask(Claim{0, 0, 1, 0}).body);
    Filter filter;

    filter.state = State::queued;
    CHECK(listed(queue, filter) == Jobs{4, 3, 2});
    filter.state = State::canceled;
    CHECK(listed(queue, filter) == Jobs{5});
    filter = {};
    filter.kind = proto::Kind::music;
    CHECK(listed(queue, filter) == Jobs{4, 2});
    filter = {};
    filter.op = video_op;
    CHECK(listed(queue, filter) == Jobs{5, 3, 1});
    filter.batch = batch;
    CHECK(listed(queue, filter) == Jobs{3});
    filter = {};
    filter.account = "main";
    CHECK(listed(queue, filter) == Jobs{1});
    filter = {};
    filter.labels = {{"film", "reel-3"}};
    CHECK(listed(queue, filter) == Jobs{1});
    filter.labels.emplace_back("scene", "2");
    CHECK(listed(queue, filter).empty());
    filter = {};
    filter.batch = batch;
    CHECK(listed(queue, filter, 1) == Jobs{4});
    CHECK(listed(queue, filter, 1, {4}) == Jobs{3});
}

TEST_CASE("a filter that fits nothing looks at a bounded number of rows a page") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    for (int chunk = 0; chunk < 12; ++chunk)
        queue.add(batch, std::vector<AdmitOne>(500, video_job()));
    queue.seal(batch);
    Filter filter;
    filter.op = "no.such_op";

    queue.read([&](const Reader& reader) {
        const Page first = reader.list(filter, {}, 10);
        CHECK(first.jobs.empty());
        CHECK(first.next.value == 1'001);
        const Page last = reader.list(filter, first.next, 10);
        CHECK(last.jobs.empty());
        CHECK_FALSE(last.next);
    });
}

TEST_CASE("a job of a batch shows the batch's id") {
    TestQueue queue;
    const auto opened = std::get<BatchOpened>(queue.ask(OpenBatch{}).body);
    queue.add(opened.batch, {video_job()});
    queue.seal(opened.batch);

    queue.read([&](const Reader& reader) {
        CHECK(reader.find({1})->batch_id == opened.id.text());
        CHECK(reader.find_batch(opened.batch)->by_state[static_cast<std::size_t>(State::queued)] ==
              1);
    });
}

TEST_CASE("a job is found by a prefix of its id, if it is the only one") {
    TestQueue queue;
    std::vector<proto::JobId> ids;
    for (int job = 0; job < 50; ++job) {
        ids.push_back(std::get<Admitted>(queue.ask(Admit{video_job()}).body).id);
        if (job % 10 == 9) queue.now += hour;
    }

    queue.read([&](const Reader& reader) {
        bool ambiguous = false;
        for (const proto::JobId& id : ids) {
            CHECK(reader.find_by_prefix(id.text(), ambiguous) == id.seq());
            CHECK(reader.find_by_prefix(id.text().substr(0, 20), ambiguous) == id.seq());
            CHECK_FALSE(ambiguous);
        }
        CHECK_FALSE(reader.find_by_prefix(ids[0].text().substr(0, 2), ambiguous));
        CHECK(ambiguous);
        CHECK_FALSE(reader.find_by_prefix("7ZZZZZZZZZ", ambiguous));
        CHECK_FALSE(ambiguous);
        CHECK_FALSE(reader.find_by_prefix("not an id!", ambiguous));
        CHECK_FALSE(ambiguous);
    });
}

TEST_CASE("a key leads to the job that was admitted under it, and a batch's to none") {
    TestQueue queue;
    Admit keyed{video_job()};
    keyed.job.idempotency = Idempotency{std::string(16, 'k'), std::string(32, 'f')};
    const auto job = std::get<Admitted>(queue.ask(keyed).body).id;
    OpenBatch batch;
    batch.idempotency = Idempotency{std::string(16, 'b'), std::string(32, 'f')};
    const auto opened = std::get<BatchOpened>(queue.ask(batch).body);
    queue.add(opened.batch, {video_job()});
    queue.seal(opened.batch);

    queue.read([&](const Reader& reader) {
        CHECK(reader.find_by_key(std::string(16, 'k')) == job.seq());
        CHECK_FALSE(reader.find_by_key(std::string(16, 'b')));
        CHECK_FALSE(reader.find_by_key(std::string(16, 'x')));
    });
}

TEST_CASE("who repeats an order finds its jobs, oldest first, until their answers were had") {
    TestQueue queue;
    const std::string order(16, 'o');
    const auto admit = [&queue](const std::string& of) {
        Admit command{video_job()};
        command.job.order = of;
        return std::get<Admitted>(queue.ask(command).body).id.seq();
    };
    const auto found = [&queue, &order] {
        std::vector<JobSeq> jobs;
        queue.read([&](const Reader& reader) {
            for (const proto::JobRecord& job : reader.orders(order, 10))
                jobs.push_back(job.seq);
        });
        return jobs;
    };
    const JobSeq first = admit(order);
    admit(std::string(16, 'p'));
    const JobSeq second = admit(order);
    queue.restart();
    CHECK(found() == std::vector<JobSeq>{first, second});

    CHECK(queue.ask(AnswerHad{first}).errc == Errc::ok);
    CHECK(queue.ask(AnswerHad{first}).errc == Errc::already);
    queue.restart();

    CHECK(found() == std::vector<JobSeq>{second});
    CHECK(queue.ask(AnswerHad{{999}}).errc == Errc::not_found);
    queue.read([&](const Reader& reader) {
        Filter unanswered;
        unanswered.unanswered = true;
        CHECK(reader.list(unanswered, {}, 10).jobs.size() == 2);
    });
    // Gone with the job, as the check of all rows at the end of the test would say.
    queue.act(second, Verb::cancel);
    queue.pass(queue.options.retain_jobs + std::chrono::hours{24});
    CHECK(found().empty());
}

TEST_CASE("a prefix finds no job that is not to be seen") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    queue.add(batch, {video_job()});
    const JobSeq seen = queue.admit();
    const std::string prefix = queue.record(seen).id.text().substr(0, 8);

    queue.read([&](const Reader& reader) {
        bool ambiguous = false;
        CHECK(reader.find_by_prefix(prefix, ambiguous) == seen);
        CHECK_FALSE(ambiguous);
    });
}

TEST_CASE("explain names every gate that holds a queued job") {
    TestQueue queue(queue_options(), {account("main", 1)});
    const JobSeq taken = queue.admit();
    queue.claim();
    const JobSeq job = queue.admit();
    CHECK(gate_names(queue, job) == "slot");
    CHECK(gate_names(queue, taken).empty());

    queue.ask(Pause{{}, true, "lunch"});
    queue.ask(SetDiskGate{DiskGate::no_submit, 0});
    CHECK(gate_names(queue, job) == "pause disk slot");
    CHECK(gates_of(queue, job)[0].detail == "lunch");
    queue.ask(Pause{{}, false, {}});
    queue.ask(SetDiskGate{});
    queue.configure({});
    CHECK(gate_names(queue, job) == "account_missing");
}

TEST_CASE("explain names the account that a job at work needs, and that is gone") {
    TestQueue queue;
    const JobSeq job = queue.running("task-1").record.seq;
    CHECK(gate_names(queue, job).empty());

    queue.configure({});
    CHECK(gate_names(queue, job) == "account_missing");
}

TEST_CASE("held jobs are named as what takes the slots, until they are settled") {
    TestQueue queue(queue_options(), {account("main", 2)});
    const Work one = queue.submitting();
    queue.pass(minute);
    const Work two = queue.submitting();
    const JobSeq job = queue.admit();
    const auto use = [&queue] {
        ClassUse videos;
        queue.read([&](const Reader& reader) {
            const AccountView main = reader.accounts().at(0);
            for (const ClassUse& each : main.classes)
                if (each.slot_class == "video") videos = each;
        });
        return videos;
    };
    CHECK(use().held == 0);
    CHECK_FALSE(use().held_until);

    queue.report(one, Ambiguous{"the reply broke off"});
    const proto::Instant first_end = queue.now - minute + hour;

    CHECK(use().taken == 2);
    CHECK(use().held == 1);
    CHECK(use().held_until == first_end);
    CHECK(gates_of(queue, job)
              .at(0)
              .detail.find(", 1 of them by a held job (the first until " +
                           proto::format_rfc3339(first_end)) != std::string::npos);
    CHECK(gates_of(queue, job).at(0).opens_at == first_end);
    queue.report(two, Ambiguous{"the reply broke off"});
    queue.restart();
    CHECK(use().held == 2);
    CHECK(use().held_until == first_end);
    CHECK(gates_of(queue, job).at(0).detail.find(", 2 of them by held jobs") != std::string::npos);

    queue.act(one.record.seq, Verb::resolve_lost);

    CHECK(use().held == 1);
    CHECK(gate_names(queue, job).empty());
    queue.act(two.record.seq, Verb::resolve_adopt, false, {"task-7"});
    CHECK(use().taken == 1);
    CHECK(use().held == 0);
}

TEST_CASE("explain tells when a gate opens, where that is known") {
    TestQueue queue;
    const JobSeq job = queue.admit();
    CHECK(gate_names(queue, job).empty());
    queue.report(queue.claim_one(),
                 refused_as(proto::FailureClass::transient, proto::OnCreate::not_created));

    const auto gates = gates_of(queue, job);

    REQUIRE(gates.size() == 1);
    CHECK(gates[0].name == "time");
    CHECK(gates[0].opens_at == queue.record(job).ready_at);
    CHECK(gates[0].detail.find("upstream's own words") != std::string::npos);
}

TEST_CASE("explain names the finished work that is brought home first") {
    TestQueue queue(queue_options(), {account("main", 100)});
    for (int job = 0; job < 66; ++job)
        queue.admit();
    for (const Work& work : queue.claim())
        queue.report(work, DeliveredAtOnce{films(1), {}});
    const JobSeq job = queue.admit();

    CHECK(gate_names(queue, job) == "fetch");
    const auto claim_some = [&] {
        return std::get<Claimed>(queue.ask(Claim{1, 0, 1, 0}).body).work;
    };
    CHECK(claim_some().size() == 1);
    CHECK(claim_some().size() == 2);
    CHECK(queue.state(job) == State::submitting);
}

TEST_CASE("explain names an unknown price and how many go first") {
    TestQueue queue(queue_options(), {});
    for (int job = 0; job < 3; ++job)
        queue.admit();
    AdmitOne unpriced = video_job();
    unpriced.spec.quote.reset();
    unpriced.spec.max_cost = 1;
    const JobSeq parked = queue.admit(unpriced);

    CHECK(gate_names(queue, parked) == "price_unknown account_missing");
    queue.read([&](const Reader& reader) {
        CHECK(reader.explain({3})->ahead == 2);
        CHECK(reader.explain({1})->ahead == 0);
        CHECK_FALSE(reader.explain(parked)->ahead.has_value());
        CHECK_FALSE(reader.explain({99}).has_value());
        CHECK(reader.explain({3})->state == State::queued);
    });
}

TEST_CASE("events are numbered without gaps and can be read from any of them on") {
    TestQueue queue;
    const JobSeq first = queue.admit();
    const JobSeq other = queue.admit();
    queue.act(first, Verb::cancel);

    queue.read([&](const Reader& reader) {
        const auto all = reader.events({}, 100, std::nullopt);
        REQUIRE(all.size() == 3);
        for (std::size_t i = 0; i < all.size(); ++i)
            CHECK(all[i].seq.value == i + 1);
        CHECK(all[2].from == State::queued);
        CHECK(all[2].to == State::canceled);
        CHECK(all[2].id == reader.find(first)->record.id);
        CHECK(all[2].detail == "canceled by request");
        CHECK(reader.events({1}, 1, std::nullopt).at(0) == all[1]);
        CHECK(reader.events({3}, 100, std::nullopt).empty());
        CHECK(reader.events({}, 100, first).size() == 2);
        CHECK(reader.events({1}, 100, first).at(0) == all[2]);
        CHECK(reader.events({}, 100, other).size() == 1);
        CHECK(reader.stats().last_event.value == 3);
        CHECK(reader.stats().first_event.value == 1);
    });
}

TEST_CASE("a batch is one event when it is sealed, and its jobs are listed in order") {
    TestQueue queue;
    const auto batch = queue.open_batch();
    queue.add(batch, {video_job(), video_job(), video_job()});
    queue.seal(batch);

    queue.read([&](const Reader& reader) {
        const auto events = reader.events({}, 100, std::nullopt);
        REQUIRE(events.size() == 1);
        CHECK(events[0].batch == batch);
        CHECK(events[0].detail == "3 jobs, 0 lines refused");
        CHECK(reader.batch_jobs(batch, {}, 2) == std::vector<JobSeq>{{1}, {2}});
        CHECK(reader.batch_jobs(batch, {2}, 2) == std::vector<JobSeq>{{3}});
    });
}

TEST_CASE("batches are listed newest first, the unsealed ones only if asked for") {
    TestQueue queue;
    const auto one = queue.open_batch();
    const auto two = queue.open_batch();
    const auto three = queue.open_batch();
    queue.seal(one);
    queue.seal(three);

    queue.read([&](const Reader& reader) {
        const auto sealed = reader.list_batches({}, 10, false);
        REQUIRE(sealed.size() == 2);
        CHECK(sealed[0].seq == three);
        CHECK(reader.list_batches({}, 10, true).size() == 3);
        CHECK(reader.list_batches({}, 1, true).size() == 1);
        CHECK(reader.list_batches(three, 10, true).at(0).seq == two);
    });
}

TEST_CASE("the counts by state follow every transition, also across a start") {
    TestQueue queue;
    queue.running();
    const auto batch = queue.open_batch();
    queue.add(batch, {video_job(), video_job()});
    queue.seal(batch);
    queue.act(queue.admit(), Verb::cancel);
    const auto before = queue.stats();

    queue.restart();

    CHECK(queue.stats().by_state == before.by_state);
    CHECK(before.by_state[static_cast<std::size_t>(State::queued)] == 2);
    CHECK(before.by_state[static_cast<std::size_t>(State::running)] == 1);
    CHECK(before.by_state[static_cast<std::size_t>(State::canceled)] == 1);
    CHECK(before.jobs == 3);
}

TEST_CASE("an account is shown with its use, its limits and what is wrong with it") {
    TestQueue queue;
    queue.report(queue.submitting(),
                 refused_as(proto::FailureClass::account, proto::OnCreate::not_created,
                            proto::Scope::model, proto::Clearing::person));
    queue.submitting(music_job());

    queue.read([&](const Reader& reader) {
        const auto views = reader.accounts();
        REQUIRE(views.size() == 1);
        CHECK(views[0].name == "main");
        REQUIRE(views[0].classes.size() == 2);
        CHECK(views[0].classes[0].slot_class == "music");
        CHECK(views[0].classes[0].taken == 1);
        CHECK(views[0].classes[0].limit == 2);
        REQUIRE(views[0].quarantines.size() == 1);
        CHECK(views[0].quarantines[0].what == "MiniMax-Hailuo-02");
        CHECK(views[0].quarantines[0].until == proto::never);
    });
}

TEST_CASE("the oldest job of a state is the one admitted first, whatever way it came there") {
    TestQueue queue;
    CHECK_FALSE(oldest(queue, State::queued));
    const auto start = queue.now;
    const JobSeq first = queue.admit();
    queue.pass(minute);
    const JobSeq second = queue.admit();
    queue.pass(minute);
    CHECK(oldest(queue, State::queued) == start);
    queue.act(first, Verb::cancel);
    CHECK(oldest(queue, State::queued) == start + minute);
    CHECK_FALSE(oldest(queue, State::canceled));  // it has ended
    queue.act(second, Verb::cancel);
    CHECK_FALSE(oldest(queue, State::queued));

    queue.act(second, Verb::retry);
    CHECK(oldest(queue, State::queued) == start + minute);
    queue.act(first, Verb::retry);
    CHECK(oldest(queue, State::queued) == start);
    queue.restart();
    CHECK(oldest(queue, State::queued) == start);
}

TEST_CASE("jobs of a batch that cannot be seen yet are not the oldest, and are once it is sealed") {
    TestQueue queue;
    const auto start = queue.now;
    const proto::BatchSeq batch = queue.open_batch();
    REQUIRE(queue.add(batch, {video_job(), video_job()}) == 2);
    CHECK_FALSE(oldest(queue, State::queued));
    queue.pass(minute);
    queue.admit();
    CHECK(oldest(queue, State::queued) == start + minute);
    CHECK(oldest(queue, State::queued) == start + minute);
    queue.seal(batch);
    CHECK(oldest(queue, State::queued) == start);
}
