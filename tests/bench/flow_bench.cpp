#include <chrono>

#include "tests/bench/benches.hpp"
#include "tests/bench/stage.hpp"

namespace genspool::bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::string_view ndjson = "application/x-ndjson";

}  // namespace

void measure_flow(Context& context) {
    const std::uint64_t jobs = context.scaled(20'000);
    const auto thousands = static_cast<double>(jobs) / 1'000;
    StageAccount account;
    account.slots = 200;
    account.poll = "1ms";
    Stage stage(context, account, {"--latency", "0", "--size", "65536"});
    stage.start();
    ApiClient api = stage.client();
    api.post("/v1/jobs", ndjson, video_lines(0, jobs / 10));
    stage.await_jobs("succeeded", jobs / 10, 60s);

    const std::string lines = video_lines(jobs, jobs);
    const double cpu = stage.daemon().cpu_seconds();
    const double upstream_cpu = stage.simulator().cpu_seconds();
    const auto began = Clock::now();
    api.post("/v1/jobs", ndjson, lines);
    stage.await_jobs("succeeded", jobs + jobs / 10, 300s);
    const std::chrono::duration<double> took = Clock::now() - began;
    const double cpu_spent = stage.daemon().cpu_seconds() - cpu;
    const double upstream_spent = stage.simulator().cpu_seconds() - upstream_cpu;
    context.report.add("full flow, 200 in flight", static_cast<double>(jobs) / took.count(),
                       " jobs/s", at_least(4'000));
    context.report.add("full flow: daemon's CPU for 1,000 jobs", cpu_spent / thousands, " s",
                       at_most(0.35));
    context.report.add("full flow: simulator's CPU for 1,000 jobs", upstream_spent / thousands,
                       " s");
    context.report.add("full flow: daemon's memory at most", stage.daemon().peak_megabytes(),
                       " MB");
    stage.stop();
}

}  // namespace genspool::bench
