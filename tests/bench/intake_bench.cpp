#include <algorithm>
#include <chrono>

#include "tests/bench/benches.hpp"
#include "tests/bench/disk.hpp"
#include "tests/bench/load.hpp"
#include "tests/bench/stage.hpp"

namespace genspool::bench {
namespace {

constexpr std::string_view ndjson = "application/x-ndjson";

double seconds_of(const std::function<void()>& work) {
    const auto began = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace

void measure_intake(Context& context) {
    constexpr std::size_t clients = 16;
    const double seconds = context.quick ? 0.5 : 2;
    // The rate of a shared disk wanders: it is taken before and after.
    const double before = syncs_a_second(context.directory, false, seconds);
    Stage stage(context);
    stage.start();
    hand_in(stage.socket(), clients, context.scaled(20'000));
    const double cpu = stage.daemon().cpu_seconds();
    const std::uint64_t jobs = context.scaled(200'000);
    const LoadResult load = hand_in(stage.socket(), clients, jobs);
    const double cpu_spent = stage.daemon().cpu_seconds() - cpu;
    stage.stop();
    const double after = syncs_a_second(context.directory, false, seconds);
    const double syncs = (before + after) / 2;

    const std::string what = "intake, one job a request, 16 clients";
    context.report.add(what, load.jobs_a_second, " jobs/s", at_least(25'000));
    context.report.add(what + ": jobs a sync of this disk", load.jobs_a_second / syncs, "",
                       at_least(1.2));
    context.report.add(what + ": p50", load.p50, " us");
    context.report.add(what + ": p99", load.p99, " us");
    context.report.add(what + ": daemon's CPU", cpu_spent * 1e6 / static_cast<double>(jobs),
                       " us/job");
}

void measure_batch(Context& context) {
    const std::uint64_t jobs = context.scaled(300'000);
    Stage stage(context);
    stage.start();
    ApiClient api = stage.client();
    api.post("/v1/jobs", ndjson, video_lines(0, jobs / 10));
    const std::string lines = video_lines(jobs / 10, jobs);
    const double cpu = stage.daemon().cpu_seconds();
    const double seconds = seconds_of([&] { api.post("/v1/jobs", ndjson, lines); });
    const double cpu_spent = stage.daemon().cpu_seconds() - cpu;
    stage.stop();
    context.report.add("intake, NDJSON batch", static_cast<double>(jobs) / seconds, " jobs/s",
                       at_least(60'000));
    context.report.add("intake, NDJSON batch: daemon's CPU",
                       cpu_spent * 1e6 / static_cast<double>(jobs), " us/job");
}

void measure_backlog(Context& context) {
    const std::uint64_t jobs = context.scaled(1'000'000);
    constexpr std::uint64_t at_once = 100'000;
    Stage stage(context);
    stage.start();
    {
        ApiClient api = stage.client();
        for (std::uint64_t first = 0; first < jobs; first += at_once)
            api.post("/v1/jobs", ndjson, video_lines(first, std::min(at_once, jobs - first)));
    }
    const std::string what = std::to_string(jobs) + " queued jobs";
    context.report.add(what + ": memory after intake", stage.daemon().resident_megabytes(), " MB",
                       at_most(120));
    stage.stop();
    const double ready = stage.start();
    context.report.add(what + ": start to ready", ready, " s", at_most(1.5));
    stage.await_jobs("queued", jobs, std::chrono::seconds(60));
    context.report.add(what + ": memory after a start", stage.daemon().resident_megabytes(), " MB",
                       at_most(120));
    stage.stop();
}

}  // namespace genspool::bench
