// Tasks that wait upstream, ten thousand and then a hundred thousand of them: what each keeps in
// memory, and what asking for all of them once a minute costs.

#include <chrono>
#include <thread>

#include "tests/bench/benches.hpp"
#include "tests/bench/stage.hpp"

namespace genspool::bench {
namespace {

using Seconds = std::chrono::duration<double>;
using namespace std::chrono_literals;

/// How tasks of an op are asked for.
struct Way {
    std::string name;
    std::string list;   ///< the endpoint that tells of many; empty: there is none
    std::string query;  ///< and of one
    std::string (*lines)(std::uint64_t first, std::uint64_t count);
};

std::string h3_lines(std::uint64_t first, std::uint64_t count) {
    std::string lines;
    lines.reserve(count * 200);
    for (std::uint64_t number = first; number < first + count; ++number)
        lines +=
            R"({"kind":"video","request":{"model":"MiniMax-H3","resolution":"768P","ratio":"16:9",)"
            R"("duration":5,"content":[{"type":"text","text":"a lighthouse, take )" +
            std::to_string(number) + R"("}]}})" + "\n";
    return lines;
}

/// Each task is asked for once in this time: a minute, scattered by a tenth.
Seconds window(const Context& context) {
    return context.quick ? 10s : 66s;
}

class Waiting {
public:
    Waiting(Context& context, Way way)
        : context_(context),
          way_(std::move(way)),
          stage_(context, account(context), {"--latency", "24h"}) {}

    void measure() {
        stage_.start();
        std::this_thread::sleep_for(500ms);
        context_.report.add("memory, idle", stage_.daemon().resident_megabytes(), " MB",
                            at_most(25));
        take(context_.scaled(5'000));
        report_memory(at_most(40));
        take(context_.scaled(10'000));
        report_rest(at_most(2));
        const double before = stage_.daemon().resident_megabytes();
        const auto some = static_cast<double>(taken_);
        take(context_.scaled(100'000));
        report_rest({});
        report_memory({});
        const double grown = stage_.daemon().resident_megabytes() - before;
        context_.report.add(title() + "memory for each of the last",
                            1e6 * grown / (static_cast<double>(taken_) - some), " B", at_most(300));
        stage_.stop();
    }

private:
    static StageAccount account(const Context& context) {
        StageAccount account;
        account.slots = static_cast<std::uint32_t>(context.scaled(100'000));
        account.poll = "60s";
        return account;
    }

    std::string title() const { return std::to_string(taken_) + " in flight, " + way_.name + ": "; }

    /// Until so many jobs are in flight.
    void take(std::uint64_t most) {
        ApiClient api = stage_.client();
        api.post("/v1/jobs", "application/x-ndjson", way_.lines(taken_, most - taken_));
        stage_.await_jobs("running", most, 600s);
        taken_ = most;
    }

    void report_memory(Budget budget) {
        context_.report.add(title() + "memory", stage_.daemon().resident_megabytes(), " MB",
                            budget);
    }

    std::uint64_t calls() const {
        const std::uint64_t lists = way_.list.empty() ? 0 : stage_.asked_upstream(way_.list);
        return lists + stage_.asked_upstream(way_.query);
    }

    void report_rest(Budget budget) {
        std::this_thread::sleep_for(1s);
        const std::uint64_t asked = calls();
        const double cpu = stage_.daemon().cpu_seconds();
        const auto began = std::chrono::steady_clock::now();
        std::this_thread::sleep_for(window(context_));
        const Seconds took = std::chrono::steady_clock::now() - began;
        const double share = 100 * (stage_.daemon().cpu_seconds() - cpu) / took.count();
        context_.report.add(title() + "CPU, polled every minute", share, " %", budget);
        const double minutes = took.count() / 60;
        const double polls = static_cast<double>(calls() - asked) / minutes;
        context_.report.add(title() + "calls a minute for each task",
                            polls / static_cast<double>(taken_), "");
    }

    Context& context_;
    Way way_;
    Stage stage_;
    std::uint64_t taken_ = 0;
};

}  // namespace

void measure_in_flight(Context& context) {
    Waiting(context, {"asked for singly", "", "/v1/query/video_generation", video_lines}).measure();
}

void measure_in_flight_lists(Context& context) {
    Waiting(context, {"asked for by lists", "/v2/query/video_generation",
                      "/v2/query/video_generation/", h3_lines})
        .measure();
}

}  // namespace genspool::bench
