// The queue alone, without the daemon around it: what its core can take in, hold, and move.

#include <malloc.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <future>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "queue/core.hpp"
#include "queue/rocksdb_queue.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/disk.hpp"
#include "tests/support/job_factory.hpp"

namespace genspool::bench {
namespace {

using namespace queue;
using Said = queue::Report;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t chunk_jobs = 512;
constexpr std::uint32_t at_once = 500;

double seconds_since(Clock::time_point began) {
    return std::chrono::duration<double>(Clock::now() - began).count();
}

/// What this program holds in memory that it also uses, in megabytes of 10^6 bytes.
double resident_megabytes() {
    ::malloc_trim(0);
    std::ifstream statm("/proc/self/statm");
    std::uint64_t all = 0;
    std::uint64_t resident = 0;
    statm >> all >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

/// A core on a real disk, under a clock that only the measurement moves.
class Bare {
public:
    explicit Bare(const std::string& directory)
        : store_(options(directory)), core_(store_, tests::queue_options(), now_, random_) {
        std::vector<AccountSetup> accounts = {tests::account("main", at_once),
                                              tests::account("ill")};
        execute({Configure{accounts}});
    }

    std::vector<Answer> execute(const std::vector<Command>& commands) {
        return core_.execute(commands, now_, random_).answers;
    }
    std::vector<Work> claim(const Claim& claim) {
        return std::get<Claimed>(execute({claim}).front().body).work;
    }
    /// Does what is due until nothing is.
    void settle() {
        while (core_.execute({}, now_, random_).wake_at <= now_) {
        }
    }
    const Core& core() const { return core_; }

private:
    static StoreOptions options(const std::string& directory) {
        StoreOptions options;
        options.path = directory;
        return options;
    }

    proto::Instant now_{proto::Duration(1'800'000'000'000)};
    Random random_{1};
    Store store_;
    Core core_;
};

AdmitOne lasting_job(const std::string& account) {
    AdmitOne job = tests::video_job("a kite over dunes, seen from a boat that drifts by at dusk");
    job.spec.account = account;
    return job;
}

double fill(Bare& queue, std::uint64_t jobs, const std::string& account) {
    const auto began = Clock::now();
    const Answer opened = queue.execute({OpenBatch{}}).front();
    const proto::BatchSeq batch = std::get<BatchOpened>(opened.body).batch;
    for (std::uint64_t line = 0; line < jobs;) {
        AdmitChunk chunk{batch, {}, {}, "line"};
        for (std::uint64_t n = 0; n < chunk_jobs && line < jobs; ++n)
            chunk.jobs.emplace_back(++line, lasting_job(account));
        queue.execute({std::move(chunk)});
    }
    queue.execute({Seal{batch, "hash"}});
    const double took = seconds_since(began);
    queue.settle();
    return static_cast<double>(jobs) / took;
}

/// Answers each step, all in one turn.
void report(Bare& queue, const std::vector<Work>& work,
            const std::function<std::vector<Said>(const Work&)>& reports) {
    std::vector<Command> commands;
    for (const Work& step : work) {
        for (Said& said : reports(step))
            commands.emplace_back(
                Advance{step.record.seq, step.record.send, step.record.state, std::move(said)});
    }
    for (const Answer& answer : queue.execute(commands)) {
        if (answer.errc != Errc::ok) throw std::runtime_error("a report was refused");
    }
}

std::vector<Said> bought(const Work& work) {
    return {TakenUp{{"task-" + std::to_string(work.record.seq.value)}, {}}};
}

std::vector<Said> finished(const Work&) {
    proto::Artifact film;
    film.source.from = proto::Source::From::handle;
    film.source.value = "file";
    film.media_type = "video/mp4";
    return {Done{{film}, "Success"}};
}

std::vector<Said> brought_home(const Work& work) {
    return {
        ArtifactNamed{0, work.record.id.text() + ".mp4", "video/mp4", 65'536, std::string(64, 'f')},
        ArtifactHome{0}};
}

/// Takes jobs from the queue to their artifacts, many a turn.
double drain(Bare& queue, std::uint64_t jobs) {
    const auto began = Clock::now();
    std::uint64_t home = 0;
    while (home < jobs) {
        report(queue, queue.claim(Claim{0, 0, at_once, 0}), bought);
        report(queue, queue.claim(Claim{0, at_once, 0, 0}), finished);
        const auto fetches = queue.claim(Claim{at_once, 0, 0, 0});
        if (fetches.empty()) throw std::runtime_error("nothing is left to drain");
        report(queue, fetches, brought_home);
        home += fetches.size();
    }
    return static_cast<double>(home) / seconds_since(began);
}

/// What a claim looks at for a healthy account while all the others' jobs wait behind a quarantine.
double looks_past(Bare& queue) {
    const auto first = queue.claim(Claim{0, 0, 1, 0});
    proto::Refusal refusal;
    refusal.failure.failure = proto::FailureClass::account;
    refusal.on_create = proto::OnCreate::not_created;
    refusal.quarantine = {proto::Scope::account, proto::Clearing::person, std::nullopt, "ill"};
    report(queue, first, [&](const Work&) { return std::vector<Said>{Refused{refusal}}; });
    queue.execute({Admit{lasting_job("main")}});
    const DispatchOrder& order = queue.core().memory().order;
    const std::uint64_t before = order.entries_visited + order.lanes_visited;
    if (queue.claim(Claim{0, 0, 1, 0}).size() != 1) throw std::runtime_error("it has to wait");
    return static_cast<double>(order.entries_visited + order.lanes_visited - before);
}

void measure_core(Context& context) {
    const std::uint64_t jobs = context.scaled(1'000'000);
    const std::string name = std::to_string(jobs) + " jobs in the core: ";
    const double empty = resident_megabytes();
    std::optional<Bare> queue(context.path("core"));
    context.report.add(name + "intake in chunks of 512", fill(*queue, jobs, "ill"), " jobs/s",
                       at_least(60'000));
    context.report.add(name + "memory", resident_megabytes() - empty, " MB", at_most(120));
    context.report.add(name + "looks of a claim past a quarantine", looks_past(*queue), "");
    queue.reset();
    const double closed = resident_megabytes();
    const auto began = Clock::now();
    queue.emplace(context.path("core"));
    context.report.add(name + "start", seconds_since(began), " s", at_most(1.5));
    context.report.add(name + "memory after a start", resident_megabytes() - closed, " MB",
                       at_most(120));
}

void measure_moves(Context& context) {
    const std::uint64_t jobs = context.scaled(50'000);
    Bare queue(context.path("moves"));
    fill(queue, jobs, "main");
    context.report.add("core: queued to home, 6 reports and claims a job", drain(queue, jobs),
                       " jobs/s", at_least(4'000));
}

/// What the core keeps in memory of a job whose task runs: its next poll, its slot, the slot's end.
void measure_in_memory(Context& context) {
    constexpr std::uint64_t jobs = 100'000;
    const proto::Instant due{proto::Duration(1'800'000'000'000)};
    const std::size_t before = ::mallinfo2().uordblks;
    Memory memory;
    for (std::uint64_t job = 1; job <= jobs; ++job) {
        memory.flights.set({job}, WorkKind::poll, due + proto::Duration(job), {});
        memory.flights.saw({job}, {due, std::nullopt});
        memory.slots.take({proto::JobSeq{job}, 1}, SlotRow{"main", "video", due});
        memory.agenda.add({due + proto::Duration(job), {job}, 1, Agenda::What::slot});
    }
    const std::size_t bytes = ::mallinfo2().uordblks - before;
    context.report.add("core: memory of a job in flight",
                       static_cast<double>(bytes) / static_cast<double>(jobs), " B", at_most(300));
}

/// Sixteen callers who each wait for their answer before they send the next.
void measure_single(Context& context) {
    constexpr int callers = 16;
    const std::uint64_t jobs = context.scaled(400'000);
    std::atomic<bool> failed = false;
    const auto queue = RocksQueue::open(context.path("single"), tests::queue_options(),
                                        [&](const std::string&) { failed = true; });
    const auto began = Clock::now();
    std::vector<std::thread> threads;
    for (int caller = 0; caller < callers; ++caller) {
        threads.emplace_back([&] {
            for (std::uint64_t job = 0; job < jobs / callers; ++job) {
                std::promise<Errc> answered;
                queue->execute(Admit{lasting_job("main")},
                               [&](const Answer& answer) { answered.set_value(answer.errc); });
                if (answered.get_future().get() != Errc::ok) failed = true;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    const double rate = static_cast<double>(jobs) / seconds_since(began);
    if (failed) throw std::runtime_error("a job was not admitted");
    const double syncs = syncs_a_second(context.directory, false, context.quick ? 0.5 : 2);
    context.report.add("queue: single jobs of 16 threads", rate, " jobs/s");
    context.report.add("queue: single jobs to each fdatasync of this disk", rate / syncs, "");
}

}  // namespace

void measure_queue(Context& context) {
    measure_core(context);
    measure_moves(context);
    measure_in_memory(context);
    measure_single(context);
}

}  // namespace genspool::bench
